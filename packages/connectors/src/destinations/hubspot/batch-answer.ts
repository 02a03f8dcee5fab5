import type { RecordResult } from '../../kit/destination.ts';
import type { ApiAnswer } from '../../kit/http/api-request.ts';
import { delivered, type Portion, rejected, unexplained } from '../../kit/http/route.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';

/** Ties an input to its result: its place in the plan, which is the same on every try. */
export const traceOf = (record: { readonly seq: number }): string => String(record.seq);

/**
 * 200 and 201: all were written. 207: `errors` name inputs by `context.objectWriteTraceId` or by their id; those that
 * neither errors nor results name are in doubt. https://developers.hubspot.com/docs/guides/api/crm/objects/contacts (2026-11)
 */
export function readBatchAnswer(
  { status, body }: ApiAnswer,
  { records }: Pick<Portion, 'records'>,
  idOf: (index: number) => string | null = () => null,
): RecordResult[] {
  if (status !== 207) return records.map(() => delivered);
  const errors = listAt(body, 'errors');
  const refusals = new Map<string, RecordResult>();
  for (const error of errors) {
    for (const name of namesIn(error)) refusals.set(name, refusalOf(error));
  }
  const written = new Set(
    listAt(body, 'results').flatMap((result) => {
      const trace = valueAtPath(result, 'objectWriteTraceId');
      return typeof trace === 'string' ? [trace] : [];
    }),
  );
  // Without traces the results say nothing about who they are; then only the count can be trusted.
  const named = records.map((record, index) => {
    const id = idOf(index);
    return refusals.get(`trace ${traceOf(record)}`) ?? (id === null ? undefined : refusals.get(`id ${id}`));
  });
  const unnamed = named.filter((refusal) => refusal === undefined).length;
  const complete = written.size === 0 && listAt(body, 'results').length === unnamed;
  return records.map((record, index) => {
    const refusal = named[index];
    if (refusal) return refusal;
    return complete || written.has(traceOf(record)) ? delivered : unexplained('HubSpot');
  });
}

function namesIn(error: unknown): string[] {
  const context = valueAtPath(error, 'context');
  const texts = (name: string): string[] => listAt(context, name).map(String);
  return [
    ...texts('objectWriteTraceId').map((trace) => `trace ${trace}`),
    ...[...texts('id'), ...texts('ids'), ...texts('objectId')].map((id) => `id ${id}`),
  ];
}

function refusalOf(error: unknown): RecordResult {
  const category = String(valueAtPath(error, 'category') ?? 'refused');
  const message = String(valueAtPath(error, 'message') ?? '');
  if (category === 'RATE_LIMITS') return { status: 'retry', code: 'rate_limits', message };
  return rejected(category, message);
}

function listAt(value: unknown, path: string): unknown[] {
  const list = valueAtPath(value, path);
  return Array.isArray(list) ? list : [];
}
