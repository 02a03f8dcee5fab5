import type { ConfigField } from '@sluice/domain/field';

/** What became of a value that arrived for a field. */
export type FieldReading = { readonly value: unknown } | { readonly problem: string };

const lengthMax: Partial<Record<ConfigField['kind'], number>> = { text: 2000, password: 20_000, select: 200 };

/**
 * Reads one value as the field's kind wants it: text trimmed, digits as numbers where a form sent them as text.
 * `value: undefined` means that the field was left empty. Fields of kind `headers` have `readHeaders`.
 */
export function readField(field: ConfigField, input: unknown): FieldReading {
  if (input === undefined || input === null || input === '') return { value: undefined };
  switch (field.kind) {
    case 'grant':
    case 'number':
      return readNumber(field, input);
    case 'checkbox':
      if (typeof input === 'boolean') return { value: input };
      return { problem: `${field.label} is either true or false.` };
    case 'select':
      return readChoice(field, input);
    default:
      return readText(field, input);
  }
}

function readNumber(field: ConfigField, input: unknown): FieldReading {
  const number = typeof input === 'string' ? Number(input.trim() || Number.NaN) : input;
  if (typeof number === 'number' && Number.isFinite(number)) return { value: number };
  return { problem: `${field.label} is a number.` };
}

function readChoice(field: ConfigField, input: unknown): FieldReading {
  const options = field.options ?? [];
  if (options.some(({ value }) => value === input)) return { value: input };
  return { problem: `Choose one of: ${options.map(({ value }) => value).join(', ')}.` };
}

function readText(field: ConfigField, input: unknown): FieldReading {
  if (typeof input !== 'string') return { problem: `${field.label} is text.` };
  // Secrets are taken as they are: a password may begin or end with a space.
  const text = field.secret ? input : input.trim();
  const max = lengthMax[field.kind] ?? 100_000;
  if (text.length > max)
    return { problem: `${field.label} has at most ${max.toLocaleString('en')} characters.` };
  if (text.includes('\0')) return { problem: `${field.label} contains a NUL character.` };
  if (field.kind === 'text' && /[\r\n]/.test(text)) return { problem: `${field.label} is a single line.` };
  return { value: text === '' ? undefined : text };
}
