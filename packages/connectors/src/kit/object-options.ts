import type { ConfigField } from '@sluice/domain/field';
import type { SyncConfiguration } from '@sluice/domain/sync';

/** The value of an option, the field's default where none is set. */
export function optionText(
  fields: readonly ConfigField[],
  options: Readonly<Record<string, unknown>>,
  name: string,
): string {
  const value = options[name] ?? fields.find((field) => field.name === name)?.default ?? '';
  return typeof value === 'string' ? value.trim() : String(value);
}

/** What is wrong with a sync's options, by the fields of the object: `options.channel` → message. */
export function findOptionProblems(
  fields: readonly ConfigField[],
  { options, triggers }: Pick<SyncConfiguration, 'options' | 'triggers'>,
): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const name of Object.keys(options)) {
    if (!fields.some((field) => field.name === name))
      problems[`options.${name}`] = `There is no option "${name}".`;
  }
  for (const field of fields) {
    const asked = !field.forClass || triggers.includes(field.forClass);
    const problem = asked && isVisible(field, fields, options) ? problemOf(field, options[field.name]) : null;
    if (problem) problems[`options.${field.name}`] = problem;
  }
  return problems;
}

function isVisible(
  field: ConfigField,
  fields: readonly ConfigField[],
  options: Readonly<Record<string, unknown>>,
): boolean {
  const { visibleWhen } = field;
  if (!visibleWhen) return true;
  const preset = fields.find(({ name }) => name === visibleWhen.field)?.default;
  return visibleWhen.values.some((value) => value === (options[visibleWhen.field] ?? preset));
}

function problemOf(field: ConfigField, value: unknown): string | null {
  const given = value ?? field.default;
  if (given === undefined || given === null || given === '') {
    return field.required ? `${field.label} is missing.` : null;
  }
  switch (field.kind) {
    case 'checkbox':
      return typeof given === 'boolean' ? null : `${field.label} is either true or false.`;
    case 'number':
      return typeof given === 'number' && Number.isFinite(given) ? null : `${field.label} is a number.`;
    case 'select': {
      const options = field.options ?? [];
      if (options.some((option) => option.value === given)) return null;
      return `${field.label}: "${String(given).slice(0, 100)}" is not offered.`;
    }
    default:
      return typeof given === 'string' ? null : `${field.label} is text.`;
  }
}
