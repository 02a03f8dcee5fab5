'use client';

import type { ConfigField } from '@sluice/domain/field';
import { Card } from '@sluice/ui/Card';
import { Field } from '@sluice/ui/Field';
import { ConnectionField } from '#features/connector/ConnectionField.tsx';
import { initialValues } from '#features/connector/connection-values.ts';
import { shownOptions } from './object-options.ts';
import type { StepProps } from './step-props.ts';
import { TemplateInput } from './TemplateInput.tsx';

/** What an object asks beside its mappings: a list, a channel, the text of a message. Drawn from its definition. */
export function ObjectOptions({ draft, onChange, queries, problems }: StepProps) {
  const { object, columns } = queries.facts;
  const fields = object?.options ?? [];
  const values = initialValues(fields, draft.options);
  const change = (field: ConfigField, value: unknown) => {
    const { [field.name]: _, ...rest } = draft.options;
    const empty = value === '' || value === null || value === undefined;
    const number = field.kind === 'number' && typeof value === 'string' && !Number.isNaN(Number(value));
    onChange({
      ...draft,
      options: empty ? rest : { ...rest, [field.name]: number ? Number(value) : value },
    });
  };
  return (
    <Card title={object ? `Options of “${object.label}”` : 'Options'}>
      <div className="flex flex-col gap-5">
        {shownOptions(fields, draft).map((field) => {
          const error = problems[`configuration.options.${field.name}`];
          if (field.kind !== 'template') {
            return (
              <ConnectionField
                key={field.name}
                field={field}
                value={values[field.name]}
                error={error}
                onChange={(value) => change(field, value)}
              />
            );
          }
          return (
            <Field
              key={field.name}
              label={field.label}
              help={field.help}
              error={error}
              required={field.required}
            >
              {() => (
                <TemplateInput
                  label={field.label}
                  value={String(values[field.name] ?? '')}
                  onChange={(value) => change(field, value)}
                  columns={columns ?? []}
                  batched={false}
                  invalid={Boolean(error)}
                  {...(field.placeholder !== undefined && { placeholder: field.placeholder })}
                />
              )}
            </Field>
          );
        })}
      </div>
    </Card>
  );
}
