'use client';

import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** The look shared by everything one types or chooses in. 16 px on touch, so that phones do not zoom. */
export const controlLook =
  'focus-ring w-full min-w-0 rounded-md border border-line-strong bg-surface text-ink text-sm shadow-raised transition-colors duration-100 hover:border-control focus-visible:border-accent disabled:bg-sunken disabled:text-muted [&[readonly]]:bg-sunken aria-invalid:border-critical pointer-coarse:text-lg';

export type InputProps = Omit<ComponentProps<'input'>, 'className' | 'prefix'> & {
  /** Shown inside, before the text: an icon or a unit. */
  prefix?: ReactNode;
  /** Shown inside, after the text. */
  suffix?: ReactNode;
  mono?: boolean;
};

/** A line of text. Label it with `Field`. */
export function Input({ prefix, suffix, mono = false, type = 'text', ...rest }: InputProps) {
  const input = (
    <input
      {...rest}
      type={type}
      className={classNames(
        controlLook,
        'h-8 px-2.5 pointer-coarse:h-10',
        mono && 'font-mono',
        prefix !== undefined && 'pl-8',
        suffix !== undefined && 'pr-9',
      )}
    />
  );
  if (prefix === undefined && suffix === undefined) return input;
  return (
    <span className="relative block w-full">
      {prefix !== undefined && (
        <span className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-faint [&_svg]:size-4">
          {prefix}
        </span>
      )}
      {input}
      {suffix !== undefined && (
        <span className="absolute inset-y-0 right-1 flex items-center text-faint text-xs">{suffix}</span>
      )}
    </span>
  );
}
