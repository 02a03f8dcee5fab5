'use client';

import { Command } from 'cmdk';
import { Check, ChevronsUpDown, Plus } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type ReactNode, useId, useState } from 'react';
import { classNames } from './class-names.ts';
import { controlLook } from './Input.tsx';

export interface ComboboxOption<Value extends string> {
  value: Value;
  label: string;
  /** On the right, in small type: the type of a column. */
  detail?: string;
  /** One line below the label. */
  help?: string;
  icon?: ReactNode;
  /** A mark after the label, such as a star for what is required. */
  mark?: ReactNode;
  /** Why it cannot be chosen now. */
  disabledReason?: string | null;
  /** Heading under which it stands. */
  group?: string;
}

/** One choice out of many: type to narrow them down. `''` means nothing is chosen yet. */
export function Combobox<Value extends string>({
  value,
  options,
  onChange,
  placeholder = 'Choose…',
  searchPlaceholder = 'Search…',
  empty = 'Nothing matches.',
  disabled = false,
  footer,
  create,
  ...aria
}: {
  value: Value | '';
  options: readonly ComboboxOption<Value>[];
  onChange: (value: Value) => void;
  placeholder?: string;
  searchPlaceholder?: string;
  empty?: ReactNode;
  disabled?: boolean;
  /** Below the options: a link to create one. */
  footer?: ReactNode;
  /** Anything may be typed: the words of the offer to take it. */
  create?: ((text: string) => string) | undefined;
  id?: string;
  'aria-label'?: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
  'aria-required'?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const list = useId();
  const typed = search.trim();
  const creates = create && typed !== '' && !options.some((option) => option.value === typed);
  const chosen = options.find((option) => option.value === value);
  const groups = [...new Set(options.map((option) => option.group))];
  const label = aria['aria-label'];
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setSearch('');
      }}
    >
      <Popover.Trigger asChild>
        <button
          {...aria}
          aria-label={label && `${label}: ${chosen?.label ?? (value || placeholder)}`}
          type="button"
          role="combobox"
          aria-expanded={open}
          aria-controls={open ? list : undefined}
          aria-haspopup="listbox"
          disabled={disabled}
          className={classNames(
            controlLook,
            'flex h-8 items-center justify-between gap-2 px-2.5 text-left pointer-coarse:h-10',
          )}
        >
          <span className={classNames('flex min-w-0 items-center gap-2', !chosen && !value && 'text-faint')}>
            {chosen?.icon}
            <span className="truncate">{chosen?.label ?? (value || placeholder)}</span>
            {chosen?.mark}
            {chosen?.detail && <span className="shrink-0 text-faint text-xs">{chosen.detail}</span>}
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-faint" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-popover flex max-h-(--radix-popover-content-available-height) w-[max(var(--radix-popover-trigger-width),16rem)] max-w-[calc(100vw-1rem)] animate-pop flex-col overflow-hidden rounded-lg bg-raised shadow-overlay"
        >
          <Command label={label ?? placeholder} className="flex min-h-0 flex-col">
            <Command.Input
              placeholder={searchPlaceholder}
              value={search}
              onValueChange={setSearch}
              className="w-full border-b bg-transparent px-3 py-2 text-ink text-sm outline-none pointer-coarse:text-lg"
            />
            <Command.List id={list} className="max-h-72 min-h-0 overflow-y-auto overscroll-contain p-1">
              {creates && (
                <Command.Item
                  forceMount
                  value={`create ${typed}`}
                  onSelect={() => {
                    onChange(typed as Value);
                    setOpen(false);
                  }}
                  className="flex cursor-default select-none items-center gap-2 rounded-md px-2 py-1.5 text-ink text-sm outline-none data-[selected=true]:bg-hover pointer-coarse:py-2.5"
                >
                  <Plus aria-hidden="true" className="size-4 shrink-0 text-faint" />
                  <span className="truncate">{create(typed)}</span>
                </Command.Item>
              )}
              <Command.Empty className="px-3 py-5 text-center text-muted text-sm">{empty}</Command.Empty>
              {groups.map((group) => (
                <Command.Group
                  key={group ?? ''}
                  heading={group}
                  className="**:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:pt-1.5 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-faint **:[[cmdk-group-heading]]:text-xs"
                >
                  {options
                    .filter((option) => option.group === group)
                    .map((option) => (
                      <Option
                        key={option.value}
                        option={option}
                        chosen={option.value === value}
                        onSelect={() => {
                          onChange(option.value);
                          setOpen(false);
                        }}
                      />
                    ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
          {footer && <div className="border-t px-3 py-2 text-sm">{footer}</div>}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Option<Value extends string>({
  option,
  chosen,
  onSelect,
}: {
  option: ComboboxOption<Value>;
  chosen: boolean;
  onSelect: () => void;
}) {
  const disabled = Boolean(option.disabledReason);
  return (
    <Command.Item
      value={option.value}
      keywords={[option.label, option.help ?? '', option.detail ?? '']}
      disabled={disabled}
      onSelect={onSelect}
      className="flex cursor-default select-none items-center gap-2 rounded-md px-2 py-1.5 text-ink text-sm outline-none data-[disabled=true]:opacity-60 data-[selected=true]:bg-hover pointer-coarse:py-2.5"
    >
      {option.icon}
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-1">
          <span className="truncate">{option.label}</span>
          {option.mark}
        </span>
        {(option.disabledReason || option.help) && (
          <span className="block truncate text-faint text-xs">{option.disabledReason || option.help}</span>
        )}
      </span>
      {option.detail && <span className="shrink-0 text-faint text-xs">{option.detail}</span>}
      <Check
        aria-hidden="true"
        className={classNames('size-4 shrink-0 text-accent', !chosen && 'invisible')}
      />
    </Command.Item>
  );
}
