'use client';

import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Kbd } from './Kbd.tsx';
import { Link } from './Link.tsx';

const itemLook =
  'flex cursor-default select-none items-center gap-2 rounded-md px-2 py-1.5 text-sm outline-none data-[disabled]:opacity-55 data-[highlighted]:bg-hover pointer-coarse:py-2.5 [&_svg]:size-4 [&_svg]:shrink-0';

/** A button's list of actions. `trigger` is the button itself. Destructive items come last, after a separator. */
export function Menu({
  trigger,
  align = 'end',
  side = 'bottom',
  label,
  children,
}: {
  trigger: ReactNode;
  align?: 'start' | 'end';
  side?: 'top' | 'bottom' | 'right';
  /** Read out for the list. */
  label?: string;
  children: ReactNode;
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-popover max-h-(--radix-dropdown-menu-content-available-height) min-w-44 max-w-80 animate-pop overflow-y-auto rounded-lg bg-raised p-1 shadow-overlay"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** An action. With `disabledReason` it is inert and says why below its label. */
export function MenuItem({
  icon,
  shortcut,
  tone = 'neutral',
  disabledReason = null,
  onSelect,
  children,
}: {
  icon?: ReactNode;
  shortcut?: string;
  tone?: 'neutral' | 'danger';
  disabledReason?: string | null;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Radix.Item
      disabled={disabledReason !== null}
      onSelect={onSelect}
      className={classNames(
        itemLook,
        tone === 'danger'
          ? 'text-critical data-[highlighted]:bg-critical-soft'
          : 'text-ink [&>svg]:text-faint',
      )}
    >
      {icon}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{children}</span>
        {disabledReason !== null && <span className="block text-faint text-xs">{disabledReason}</span>}
      </span>
      {shortcut && <Kbd keys={shortcut} />}
    </Radix.Item>
  );
}

/** An item that goes somewhere. `current` ticks it. */
export function MenuLink({
  href,
  icon,
  current = false,
  external = false,
  children,
}: {
  href: string;
  icon?: ReactNode;
  current?: boolean;
  external?: boolean;
  children: ReactNode;
}) {
  return (
    <Radix.Item asChild>
      <Link
        href={href}
        {...(external && { target: '_blank', rel: 'noreferrer' })}
        className={classNames(itemLook, 'text-ink [&>svg]:text-faint')}
      >
        {icon}
        <span className="min-w-0 flex-1 truncate">{children}</span>
        {current && <Check aria-label="current" className="text-accent" />}
      </Link>
    </Radix.Item>
  );
}

/** A heading inside a menu. */
export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 pt-1.5 pb-1 text-faint text-xs">{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}

/** One of several values, such as the theme. */
export function MenuRadioGroup<Value extends string>({
  value,
  onChange,
  options,
}: {
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string; icon?: ReactNode }[];
}) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as Value)}>
      {options.map((option) => (
        <Radix.RadioItem
          key={option.value}
          value={option.value}
          className={classNames(itemLook, 'text-ink [&>svg]:text-faint')}
        >
          {option.icon}
          <span className="flex-1">{option.label}</span>
          <Radix.ItemIndicator>
            <Check aria-hidden="true" className="text-accent" />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}
