import type { ConfigField } from '@sluice/domain/field';

/** Whether a field applies, given the values of the others. A field without a condition always does. */
export function fieldVisible(
  field: ConfigField,
  fields: readonly ConfigField[],
  values: Readonly<Record<string, unknown>>,
): boolean {
  const condition = field.visibleWhen;
  if (!condition) return true;
  const chosen = values[condition.field] ?? fields.find(({ name }) => name === condition.field)?.default;
  return condition.values.some((value) => value === chosen);
}
