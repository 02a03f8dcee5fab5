import type { Value } from '@sluice/domain/column';
import type { DestinationRecord, RecordResult } from '../../kit/destination.ts';
import { jsonText } from '../../kit/http/api-request.ts';
import { delivered, type Portion, type Route, rejected } from '../../kit/http/route.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import { valueToJson } from '../../kit/value-json.ts';

/** https://docs.customer.io/api/track/#operation/batch (2026-11): a request below 500 KB, each part of it below 32 KB. */
const batch = { rows: 1000, bytes: 499_000, recordBytes: 32_000 };

/** One operation: `type`, `action`, `identifiers`, and what it carries. */
export type BatchEntry = { [name: string]: Value };

/** What a record becomes in `POST /api/v2/batch`: any of its operations, in any mixture. `entryOf` may throw `RowRejected`. */
export function batchRoute(entryOf: (record: DestinationRecord) => BatchEntry): Route {
  return {
    name: 'batch',
    batch,
    encode: (record) => valueToJson(entryOf(record)),
    request: ({ items }) => ({
      method: 'POST',
      path: '/api/v2/batch',
      body: jsonText(`{"batch":[${items.join(',')}]}`),
      // 200 has no described body; 207 lists what was refused.
      answer: 'text',
    }),
    read: readRefusals,
  };
}

/** 200: all were taken. 207: all but those that `errors` names by their position. */
function readRefusals(
  { status, body }: { status: number; body: unknown },
  { records }: Portion,
): RecordResult[] {
  const errors = valueAtPath(body, 'errors');
  if (status !== 207) return records.map(() => delivered);
  if (!Array.isArray(errors)) return records.map(() => unreadable);
  const results: RecordResult[] = records.map(() => delivered);
  for (const error of errors as unknown[]) {
    const index = valueAtPath(error, 'batch_index');
    // An error that names no row may mean any of them.
    if (typeof index !== 'number' || !results[index]) return records.map(() => unreadable);
    const [reason, field, message] = ['reason', 'field', 'message'].map((name) => valueAtPath(error, name));
    const words = [field, message].filter((part) => typeof part === 'string' && part !== '').join(': ');
    results[index] = rejected(typeof reason === 'string' ? reason : 'refused', words);
  }
  return results;
}

const unreadable: RecordResult = {
  status: 'uncertain',
  code: 'answer_unreadable',
  message: 'Customer.io refused some rows without saying which.',
};
