'use client';

import { Search, X } from 'lucide-react';
import { Input } from './Input.tsx';

/** A search field with a button to clear it. */
export function SearchInput({
  value,
  onChange,
  label,
  placeholder,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
  placeholder?: string;
}) {
  return (
    <div className="w-full sm:w-64">
      <Input
        type="text"
        role="searchbox"
        aria-label={label}
        placeholder={placeholder ?? `${label}…`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') onChange('');
        }}
        prefix={<Search aria-hidden="true" />}
        suffix={
          value === '' ? undefined : (
            <button
              type="button"
              aria-label="Clear search"
              onClick={() => onChange('')}
              className="focus-ring flex size-6 items-center justify-center rounded-sm hover:text-ink"
            >
              <X aria-hidden="true" className="size-3.5" />
            </button>
          )
        }
      />
    </div>
  );
}
