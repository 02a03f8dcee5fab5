'use client';

import { Switch as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useId } from 'react';

/** Turns something on or off at once, without a save button. */
export function Switch({
  checked,
  onChange,
  label,
  hideLabel = false,
  disabled = false,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: ReactNode;
  hideLabel?: boolean;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <span className="inline-flex items-center gap-2">
      <Radix.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        className="focus-ring inline-flex h-5 w-9 shrink-0 items-center rounded-full bg-control p-0.5 transition-colors data-[state=checked]:bg-accent disabled:opacity-55"
      >
        <Radix.Thumb className="block size-4 rounded-full bg-surface shadow-raised transition-transform duration-150 data-[state=checked]:translate-x-4" />
      </Radix.Root>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'text-ink text-sm'}>
        {label}
      </label>
    </span>
  );
}
