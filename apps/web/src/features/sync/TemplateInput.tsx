'use client';

import type { Column } from '@sluice/domain/column';
import { useMemo } from 'react';
import { LazyCodeEditor } from '#features/editor/LazyCodeEditor.tsx';

/** A Liquid template, with the model's columns completed inside `{{ … }}`. */
export function TemplateInput({
  label,
  value,
  onChange,
  columns,
  batched,
  placeholder = '{{ row.first_name }} {{ row.last_name }}',
  invalid = false,
  minHeight = '6rem',
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  columns: readonly Column[];
  /** Whether the template sees `rows` instead of `row`. */
  batched: boolean;
  placeholder?: string;
  invalid?: boolean;
  minHeight?: string;
}) {
  const language = useMemo(
    () => ({ name: 'liquid' as const, columns: columns.map(({ name }) => name), batched }),
    [columns, batched],
  );
  return (
    <LazyCodeEditor
      label={label}
      value={value}
      onChange={onChange}
      language={language}
      placeholder={placeholder}
      invalid={invalid}
      minHeight={minHeight}
    />
  );
}
