import type { RecordResult } from '../../kit/destination.ts';
import type { ApiAnswer } from '../../kit/http/api-request.ts';
import { RequestFailed } from '../../kit/http/request-failed.ts';
import { delivered, rejected } from '../../kit/http/route.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';

/** So many refused rows are looked for by halving the request; adding somebody twice does no harm. */
const searchedMax = 20;

/**
 * Meta answers in counts: `{ num_received, num_invalid_entries, invalid_entry_samples }`. None invalid: all were taken.
 * All invalid: none was. A few: the request counts as refused, so that it is halved until they stand alone. Many: what the
 * samples name is rejected, the rest is in doubt.
 * https://developers.facebook.com/docs/marketing-api/reference/custom-audience/users (2026-11)
 */
export function readCounts({ body, status }: ApiAnswer, items: readonly string[]): RecordResult[] {
  const received = Number(valueAtPath(body, 'num_received'));
  const invalid = Number(valueAtPath(body, 'num_invalid_entries') ?? 0);
  if (!Number.isInteger(received) || !Number.isInteger(invalid))
    return items.map(() => doubt('The answer of Meta holds no counts.'));
  if (received < items.length)
    return items.map(() => doubt(`Meta speaks of ${received} of ${items.length} rows.`));
  if (invalid === 0) return items.map(() => delivered);
  const message = 'Meta counts this row as invalid.';
  if (invalid >= items.length) return items.map(() => rejected('invalid_entry', message));
  if (invalid <= searchedMax)
    throw new RequestFailed({ kind: 'refused', status, code: 'invalid_entry', message });
  const samples = JSON.stringify(valueAtPath(body, 'invalid_entry_samples') ?? {});
  return items.map((item) => {
    const values = (JSON.parse(item) as string[]).filter((value) => value.length > 8);
    return values.some((value) => samples.includes(value))
      ? rejected('invalid_entry', message)
      : doubt(`Meta counts ${invalid} of ${items.length} rows as invalid and does not say which.`);
  });
}

const doubt = (message: string): RecordResult => ({ status: 'uncertain', code: 'counts_only', message });
