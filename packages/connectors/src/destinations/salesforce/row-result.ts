import type { RecordResult } from '../../kit/destination.ts';
import { codeText, delivered, rejected } from '../../kit/http/route.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';

/** Not this row's fault. https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm#statuscode (2026-11) */
const temporary = new Set([
  'UNABLE_TO_LOCK_ROW',
  'SERVER_UNAVAILABLE',
  'REQUEST_RUNNING_TOO_LONG',
  'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  'API_CURRENTLY_DISABLED',
]);
/** What a deletion wants is so already. */
const gone = new Set(['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY']);

/** What became of a row that Salesforce refused with this code. */
export function refusal(code: string, message: string, deletes = false): RecordResult {
  if (deletes && gone.has(code)) return delivered;
  if (temporary.has(code)) return { status: 'retry', code: codeText(code), message };
  return rejected(code, message);
}

/** One element of the answer of a collections request: `{ success, errors: [{ statusCode, message, fields }] }`. */
export function readRowResult(result: unknown, deletes = false): RecordResult {
  if (valueAtPath(result, 'success') === true) return delivered;
  const code = valueAtPath(result, 'errors.0.statusCode') ?? valueAtPath(result, 'errors.0.errorCode');
  const message = String(valueAtPath(result, 'errors.0.message') ?? '');
  const fields = valueAtPath(result, 'errors.0.fields');
  const named = Array.isArray(fields) && fields.length > 0 ? ` (${fields.join(', ')})` : '';
  return refusal(typeof code === 'string' ? code : 'refused', message + named, deletes);
}

/** `sf__Error` of a job: `REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --`. */
export function readJobError(text: string): RecordResult {
  const [, code = 'refused', words = text] = /^([A-Z][A-Z_]+):([\s\S]*)$/.exec(text) ?? [];
  return refusal(
    code,
    words
      .replace(/:?\s*--\s*$/, '')
      .replace(/:([\w, ]*)$/, ' ($1)')
      .trim(),
  );
}
