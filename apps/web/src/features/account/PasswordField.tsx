'use client';

import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import type { FieldValues } from 'react-hook-form';
import { TextField } from '#form/FormFields.tsx';

/** A password, with a button to look at what one typed. */
export function PasswordField<Values extends FieldValues>(
  props: Omit<ComponentProps<typeof TextField<Values>>, 'type' | 'suffix'>,
) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <TextField<Values>
      {...props}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      suffix={
        <button
          type="button"
          aria-label={shown ? 'Hide password' : 'Show password'}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="focus-ring flex size-7 items-center justify-center rounded-sm text-faint hover:text-ink"
        >
          <Icon aria-hidden="true" className="size-4" />
        </button>
      }
    />
  );
}
