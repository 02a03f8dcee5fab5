'use client';

import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';
import { controlLook } from './Input.tsx';

/** Several lines of text; grows with its content. */
export function Textarea({
  mono = false,
  rows = 3,
  ...rest
}: Omit<ComponentProps<'textarea'>, 'className'> & { mono?: boolean }) {
  return (
    <textarea
      {...rest}
      rows={rows}
      className={classNames(
        controlLook,
        'field-sizing-content max-h-96 min-h-16 resize-y px-2.5 py-1.5',
        mono && 'font-mono text-xs',
      )}
    />
  );
}
