import type { RecordResult } from '../../kit/destination.ts';
import type { ApiSession } from '../../kit/http/api-client.ts';
import { apiPath } from '../../kit/http/api-request.ts';
import { RequestFailed } from '../../kit/http/request-failed.ts';
import { delivered, rejected } from '../../kit/http/route.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import { pause } from '../../kit/pause.ts';
import { readError } from './pointer.ts';

const pauses = { firstMs: 500, mostMs: 15_000 };
/** How often in a row an unreachable job is asked for before its rows are left to the next try. */
const lostMax = 4;

/**
 * Waits for the end of an import job, and answers for each of its items. An error is matched to its row by the place that
 * it points at, else by the item that it quotes; when the job counts more failures than can be matched, the rest is in
 * doubt. https://developers.klaviyo.com/en/reference/get_bulk_profile_import_job (2026-11)
 */
export async function settleJob(
  session: ApiSession,
  id: string,
  items: readonly string[],
): Promise<RecordResult[]> {
  const { status, failed } = await jobEnd(session, id);
  if (status !== 'complete') return items.map(() => doubt(`The import job ended as "${status}".`));
  const results: (RecordResult | undefined)[] = items.map(() => undefined);
  if (failed === 0) return items.map(() => delivered);
  let named = 0;
  const byIdentifiers = new Map(items.map((item, place) => [identifiersOf(JSON.parse(item)), place]));
  for await (const error of importErrors(session, id)) {
    const { code, detail, place } = readError(error);
    const quoted = byIdentifiers.get(identifiersOf(valueAtPath(error, 'original_payload')));
    const guilty = place !== null && place < items.length ? place : quoted;
    if (guilty === undefined) continue;
    if (results[guilty] === undefined) named += 1;
    results[guilty] = rejected(code, detail);
  }
  const rest =
    named < failed ? doubt('Klaviyo refused some rows of the job without saying which.') : delivered;
  return results.map((result) => result ?? rest);
}

const doubt = (message: string): RecordResult => ({ status: 'uncertain', code: 'job_unclear', message });

/** The words of a profile that tell it from others. */
function identifiersOf(profile: unknown): string {
  const own = valueAtPath(profile, 'data') ?? profile;
  const attributes = valueAtPath(own, 'attributes') ?? own;
  return JSON.stringify(
    ['email', 'phone_number', 'external_id'].map((name) => valueAtPath(attributes, name) ?? null),
  );
}

async function jobEnd(session: ApiSession, id: string): Promise<{ status: string; failed: number }> {
  let lost = 0;
  for (let waitMs = pauses.firstMs; ; waitMs = Math.min(waitMs * 2, pauses.mostMs)) {
    try {
      const { body } = await session.send({
        method: 'GET',
        path: apiPath`/api/profile-bulk-import-jobs/${id}`,
        reads: true,
      });
      const status = String(valueAtPath(body, 'data.attributes.status'));
      const failed = Number(valueAtPath(body, 'data.attributes.failed_count') ?? 0);
      if (status === 'complete' || status === 'cancelled') return { status, failed };
      lost = 0;
    } catch (thrown) {
      lost += 1;
      const passing = thrown instanceof RequestFailed && thrown.failure.kind === 'rows';
      if (!passing || session.signal.aborted || lost >= lostMax) throw thrown;
    }
    await pause(waitMs, session.signal);
  }
}

async function* importErrors(session: ApiSession, id: string): AsyncGenerator<unknown> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await session.send({
      method: 'GET',
      path: apiPath`/api/profile-bulk-import-jobs/${id}/import-errors`,
      query: { 'page[size]': 100, 'page[cursor]': cursor === '' ? undefined : cursor },
      reads: true,
    });
    const page = valueAtPath(body, 'data');
    if (Array.isArray(page)) yield* page.map((error: unknown) => valueAtPath(error, 'attributes'));
    cursor = cursorOf(valueAtPath(body, 'links.next'));
  }
}

/** The cursor in the address of the next page; `null` at the end. */
export function cursorOf(next: unknown): string | null {
  if (typeof next !== 'string' || !URL.canParse(next)) return null;
  return new URL(next).searchParams.get('page[cursor]');
}
