/** A value of an audit entry as text: strings as they are, nothing as "(none)", objects as indented JSON. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '(none)';
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value, null, 2);
}
