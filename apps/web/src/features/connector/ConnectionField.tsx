'use client';

import { type ConfigField, secretSet } from '@sluice/domain/field';
import { Checkbox } from '@sluice/ui/Checkbox';
import { Field, FieldError } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import { Select } from '@sluice/ui/Select';
import { Textarea } from '@sluice/ui/Textarea';
import { headersOf } from './connection-values.ts';
import { HeadersEditor, KeptSecret } from './HeadersEditor.tsx';

/** One field of a connector, drawn from its definition. */
export function ConnectionField({
  field,
  value,
  error,
  onChange,
}: {
  field: ConfigField;
  value: unknown;
  error: string | undefined;
  onChange: (value: unknown) => void;
}) {
  if (field.kind === 'checkbox') {
    return (
      <div className="flex flex-col gap-1.5">
        <Checkbox
          name={field.name}
          checked={value === true}
          onChange={onChange}
          label={field.label}
          help={field.help}
        />
        {error && <FieldError>{error}</FieldError>}
      </div>
    );
  }
  return (
    <Field
      label={field.label}
      help={field.help}
      error={error}
      required={field.required}
      optional={!field.required && field.kind !== 'headers'}
    >
      {(aria) => <Control field={field} value={value} onChange={onChange} aria={aria} />}
    </Field>
  );
}

function Control({
  field,
  value,
  onChange,
  aria,
}: {
  field: ConfigField;
  value: unknown;
  onChange: (value: unknown) => void;
  aria: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean | undefined };
}) {
  const text = value === undefined || value === null ? '' : String(value);
  if (field.kind === 'headers') {
    return <HeadersEditor id={aria.id} value={headersOf(value)} onChange={onChange} />;
  }
  if (field.secret && value === secretSet) return <KeptSecret id={aria.id} onReplace={() => onChange('')} />;
  if (field.kind === 'select') {
    return (
      <Select {...aria} name={field.name} value={text} options={field.options ?? []} onChange={onChange} />
    );
  }
  const common = {
    ...aria,
    name: field.name,
    value: text,
    placeholder: field.placeholder,
    autoComplete: field.secret ? 'new-password' : 'off',
    spellCheck: false,
  };
  if (field.kind === 'textarea') {
    return <Textarea {...common} mono rows={4} onChange={(event) => onChange(event.target.value)} />;
  }
  return (
    <Input
      {...common}
      type={field.kind === 'password' ? 'password' : 'text'}
      inputMode={field.kind === 'number' ? 'numeric' : undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
