import { type ConfigField, type HeaderSetting, secretSet } from '@sluice/domain/field';
import { z } from 'zod';

/** Headers as they arrive, taken apart: what may be stored and shown, and the values that are sealed. */
export interface HeadersReading {
  /** Secret values read as `secretSet`. */
  readonly shown: HeaderSetting[];
  /** Lower-case header name → secret value. */
  readonly secrets: Record<string, string>;
  /** Names of headers whose saved secret was kept. */
  readonly kept: string[];
  /** Path below the field (`2.value`, or empty) → message. */
  readonly problems: Record<string, string>;
}

const Setting = z.strictObject({
  name: z.string().trim(),
  value: z.string(),
  secret: z.boolean().default(false),
});

/** RFC 9110 section 5.6.2: the characters of a field name. */
const tokenPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const headersMax = 50;

/** Reads a field of kind `headers`; a secret that arrives as `secretSet` keeps the saved value of the same header. */
export function readHeaders(
  field: ConfigField,
  input: unknown,
  saved: Readonly<Record<string, string>>,
): HeadersReading {
  const reading = {
    shown: [] as HeaderSetting[],
    secrets: {} as Record<string, string>,
    kept: [] as string[],
  };
  const problems: Record<string, string> = {};
  if (input === undefined || input === null || input === '') return { ...reading, problems };
  if (!Array.isArray(input)) return { ...reading, problems: { '': `${field.label} is a list of headers.` } };
  if (input.length > headersMax)
    return { ...reading, problems: { '': `${field.label}: at most ${headersMax} headers.` } };

  const seen = new Set<string>();
  input.forEach((item, index) => {
    const parsed = Setting.safeParse(item);
    if (!parsed.success) {
      problems[`${index}`] = 'A header has a name, a value, and says whether the value is secret.';
      return;
    }
    const header = parsed.data;
    const key = header.name.toLowerCase();
    if (!tokenPattern.test(header.name) || key === '__proto__')
      problems[`${index}.name`] = 'This is not a header name.';
    else if (seen.has(key)) problems[`${index}.name`] = `${header.name} is there twice.`;
    seen.add(key);
    if (/[\r\n\0]/.test(header.value)) problems[`${index}.value`] = 'A header value is a single line.';
    else if (header.value.length > 8000) problems[`${index}.value`] = 'At most 8,000 characters.';

    if (!header.secret) {
      if (header.value === secretSet)
        problems[`${index}.value`] = 'A secret value cannot be made readable again: write it anew.';
      reading.shown.push(header);
      return;
    }
    const value = header.value !== secretSet ? header.value : Object.hasOwn(saved, key) ? saved[key] : '';
    if (header.value === secretSet) reading.kept.push(key);
    if (!value) problems[`${index}.value`] = `Write the value of ${header.name}.`;
    else reading.secrets[key] = value;
    reading.shown.push({ ...header, value: secretSet });
  });
  return { ...reading, problems };
}
