import type { Value } from '@sluice/domain/column';
import type { DestinationRecord, RecordResult } from '../../kit/destination.ts';
import type { ApiAnswer } from '../../kit/http/api-request.ts';
import { jsonText } from '../../kit/http/api-request.ts';
import { delivered, type Portion, type Route, rejected } from '../../kit/http/route.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import { valueToJson } from '../../kit/value-json.ts';

/** https://www.braze.com/docs/api/endpoints/user_data/post_user_track/ (2026-11): 75 of each kind in one request. */
const batch = { rows: 75 };

/** `POST /users/track` with one kind of objects. */
export const trackRoute = (
  kind: 'attributes' | 'events' | 'purchases',
  objectOf: (record: DestinationRecord) => { [name: string]: Value },
): Route => ({
  name: kind,
  batch,
  encode: (record) => valueToJson(objectOf(record)),
  // Attributes of one user twice in a request are applied in no certain order.
  ...(kind === 'attributes' && { identity: (record) => String(record.matchValue).trim().toLowerCase() }),
  request: ({ items }) => ({
    method: 'POST',
    path: '/users/track',
    body: jsonText(`{"${kind}":[${items.join(',')}]}`),
  }),
  read: (answer, portion) => readErrors(kind, answer, portion),
});

/** `errors` name refused objects by kind and position; all others were queued. */
function readErrors(kind: string, { body }: ApiAnswer, { records }: Portion): RecordResult[] {
  const results: RecordResult[] = records.map(() => delivered);
  const errors = valueAtPath(body, 'errors');
  for (const error of Array.isArray(errors) ? (errors as unknown[]) : []) {
    const [index, list, type] = [
      valueAtPath(error, 'index'),
      valueAtPath(error, 'input_array'),
      valueAtPath(error, 'type'),
    ];
    if (list !== kind || typeof index !== 'number' || !results[index]) return records.map(() => unnamed);
    results[index] = rejected('object_invalid', typeof type === 'string' ? type : '');
  }
  return results;
}

const unnamed: RecordResult = {
  status: 'uncertain',
  code: 'answer_unreadable',
  message: 'Braze refused some rows without saying which.',
};
