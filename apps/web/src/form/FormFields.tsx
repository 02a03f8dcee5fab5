'use client';

import { Checkbox } from '@sluice/ui/Checkbox';
import { Field } from '@sluice/ui/Field';
import { Input, type InputProps } from '@sluice/ui/Input';
import { Select, type SelectOption } from '@sluice/ui/Select';
import type { ReactNode } from 'react';
import { type Control, type FieldPath, type FieldValues, useController } from 'react-hook-form';

interface Bound<Values extends FieldValues> {
  // The third type of a control is what the schema makes of the values; a field does not care.
  // biome-ignore lint/suspicious/noExplicitAny: react-hook-form's own variance leaves no other way to say "any output".
  control: Control<Values, any, any>;
  name: FieldPath<Values>;
  label: ReactNode;
  help?: ReactNode;
  required?: boolean;
  optional?: boolean;
  action?: ReactNode;
}

/** A line of text bound to a form. `type="number"` gives numbers, and `null` when it is empty. */
export function TextField<Values extends FieldValues>({
  control,
  name,
  label,
  help,
  required,
  optional,
  action,
  ...input
}: Bound<Values> & Omit<InputProps, 'name' | 'value' | 'onChange' | 'onBlur' | 'ref' | 'required'>) {
  const { field, fieldState } = useController({ control, name });
  const numeric = input.type === 'number';
  return (
    <Field {...{ label, help, required, optional, action }} error={fieldState.error?.message}>
      {(aria) => (
        <Input
          {...input}
          {...aria}
          ref={field.ref}
          name={field.name}
          value={field.value ?? ''}
          onBlur={field.onBlur}
          onChange={(event) => {
            const text = event.target.value;
            field.onChange(numeric ? (text === '' ? null : Number(text)) : text);
          }}
        />
      )}
    </Field>
  );
}

/** One choice of a few, bound to a form. */
export function SelectField<Values extends FieldValues>({
  control,
  name,
  label,
  help,
  required,
  optional,
  action,
  options,
  placeholder,
}: Bound<Values> & { options: readonly SelectOption<string>[]; placeholder?: string }) {
  const { field, fieldState } = useController({ control, name });
  return (
    <Field {...{ label, help, required, optional, action }} error={fieldState.error?.message}>
      {({ 'aria-required': _, ...aria }) => (
        <Select
          {...aria}
          options={options}
          placeholder={placeholder}
          value={field.value ?? ''}
          onChange={field.onChange}
          onBlur={field.onBlur}
        />
      )}
    </Field>
  );
}

/** A box to tick, bound to a form. */
export function CheckboxField<Values extends FieldValues>({
  control,
  name,
  label,
  help,
}: Pick<Bound<Values>, 'control' | 'name' | 'label' | 'help'>) {
  const { field } = useController({ control, name });
  return <Checkbox label={label} help={help} checked={field.value === true} onChange={field.onChange} />;
}
