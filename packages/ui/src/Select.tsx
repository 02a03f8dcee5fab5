'use client';

import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { controlLook } from './Input.tsx';

export interface SelectOption<Value extends string> {
  value: Value;
  label: string;
  /** One line below the label. */
  help?: string;
  icon?: ReactNode;
  disabled?: boolean;
}

/** One choice out of a few. For more than a dozen use `Combobox`. `''` means nothing is chosen yet. */
export function Select<Value extends string>({
  value,
  options,
  onChange,
  placeholder = 'Choose…',
  disabled = false,
  onBlur,
  ...aria
}: {
  value: Value | '';
  options: readonly SelectOption<Value>[];
  onChange: (value: Value) => void;
  placeholder?: string;
  disabled?: boolean;
  onBlur?: () => void;
  id?: string;
  name?: string;
  'aria-label'?: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
  'aria-labelledby'?: string;
}) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as Value)} disabled={disabled}>
      <Radix.Trigger
        {...aria}
        onBlur={onBlur}
        className={classNames(
          controlLook,
          'flex h-8 items-center justify-between gap-2 px-2.5 text-left data-[placeholder]:text-faint pointer-coarse:h-10',
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon>
          <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-faint" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-popover max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) max-w-96 animate-pop overflow-hidden rounded-lg bg-raised shadow-overlay"
        >
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className="flex cursor-default select-none items-start gap-2 rounded-md py-1.5 pr-2 pl-2 text-sm outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover pointer-coarse:py-2.5"
              >
                {option.icon && <span className="mt-0.5 [&_svg]:size-4">{option.icon}</span>}
                <span className="min-w-0 flex-1">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.help && <span className="block text-faint text-xs">{option.help}</span>}
                </span>
                <span className="flex w-4 shrink-0 pt-0.5">
                  <Radix.ItemIndicator>
                    <Check aria-hidden="true" className="size-4 text-accent" />
                  </Radix.ItemIndicator>
                </span>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
