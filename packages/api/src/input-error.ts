import { SluiceError } from '@sluice/domain/error';
import type { ZodError } from 'zod';

/** Input that does not fit its schema, as `input_invalid` with one message per field path (`configuration.host`). */
export function inputError(error: ZodError): SluiceError {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    const path = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) fields[path ? `${path}.${key}` : key] ??= 'This field is not known.';
    } else fields[path || 'body'] ??= issue.message;
  }
  const names = Object.keys(fields);
  const what = names.length === 1 ? `"${names[0]}" is not valid` : `${names.length} fields are not valid`;
  const first = names[0] === undefined ? '' : `: ${fields[names[0]]}`;
  return new SluiceError('input_invalid', names.length === 1 ? `${what}${first}` : `${what}.`, { fields });
}
