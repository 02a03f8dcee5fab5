import { type ConfigField, type FieldOption, statementsFor } from '@sluice/domain/field';
import { CodeBlock } from '@sluice/ui/CodeBlock';
import { FieldError } from '@sluice/ui/Field';
import { RadioCards } from '@sluice/ui/RadioCards';
import type { ConnectionValues } from './connection-values.ts';

/** Whether a field has an option for which something has to be prepared in the other system. */
export const needsPreparation = (field: ConfigField): boolean =>
  field.options?.some(({ statements }) => statements !== undefined) ?? false;

/** A choice to be read, not to be unfolded: with what an administrator has to run for it, in the form's own names. */
export function PreparedChoice({
  field,
  fields,
  values,
  error,
  onChange,
}: {
  field: ConfigField;
  fields: readonly ConfigField[];
  values: ConnectionValues;
  error: string | undefined;
  onChange: (value: unknown) => void;
}) {
  const options = field.options ?? [];
  const chosen = options.find(({ value }) => value === values[field.name]);
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <span className="font-medium text-ink text-sm">{field.label}</span>
      <p className="text-pretty text-faint text-xs">{field.help}</p>
      <RadioCards
        label={field.label}
        columns={2}
        value={chosen?.value ?? null}
        onChange={onChange}
        cards={options.map(({ value, label, help }) => ({ value, title: label, description: help }))}
      />
      {error && <FieldError>{error}</FieldError>}
      {chosen?.statements !== undefined && (
        <Statements option={chosen} statements={chosen.statements} fields={fields} values={values} />
      )}
    </div>
  );
}

function Statements({
  option,
  statements,
  fields,
  values,
}: {
  option: FieldOption;
  statements: string;
  fields: readonly ConfigField[];
  values: ConnectionValues;
}) {
  const code = statementsFor(option, values);
  const missing = fields.filter(
    ({ name }) => statements.includes(`{${name}}`) && String(values[name] ?? '').trim() === '',
  );
  const labels = missing.map(({ label }) => label.toLowerCase()).join(' and ');
  return (
    <div className="mt-1 flex min-w-0 flex-col gap-1.5">
      <p className="text-muted text-xs">
        {code === null
          ? `Enter ${labels} to see what an administrator has to run first.`
          : 'An administrator runs this once. Test connection says whether it worked.'}
      </p>
      {code !== null && <CodeBlock code={code} label="Copy the statements" wrap />}
    </div>
  );
}
