import type { DestinationRecord, RecordResult, WriterLimits } from '../../../kit/destination.ts';
import { NotAdmitted } from '../../../kit/destination.ts';
import type { ApiObject } from '../../../kit/http/api-object.ts';
import { createJobMemory } from '../../../kit/http/job-memory.ts';
import { RequestFailed } from '../../../kit/http/request-failed.ts';
import { delivered, type Route, unasked } from '../../../kit/http/route.ts';
import { valueAtPath } from '../../../kit/http/value-at-path.ts';
import { valueToJson } from '../../../kit/value-json.ts';
import { body } from '../client.ts';
import { settleJob } from '../import-job.ts';
import { identifierText, profileFields, profileJson } from '../profile.ts';
import { sendPointed } from '../send-pointed.ts';

/** https://developers.klaviyo.com/en/reference/bulk_import_profiles (2026-11) */
export const jobBatch = { rows: 10_000, bytes: 4_900_000, recordBytes: 100_000 };
/** Below it each profile has a request of its own, whose answer comes at once: jobs may wait for minutes. */
const jobRowsMin = 50;

/** Profile imports: 75 in a second, 750 in a minute. https://developers.klaviyo.com/en/reference/create_or_update_profile (2026-11) */
const limits: WriterLimits = {
  batchRowsMax: jobBatch.rows,
  concurrency: 4,
  requests: [
    { count: 75, perMs: 1_000 },
    { count: 750, perMs: 60_000 },
  ],
};

/** Profiles, created or updated by one of their identifiers. */
export const profiles: ApiObject = {
  id: 'profiles',
  label: 'Profiles',
  modes: ['upsert'],
  deleteBehaviours: ['nothing', 'clear'],
  openFields: true,
  describe: () => Promise.resolve({ fields: profileFields }),
  limits,
  routes: ({ sync }) => {
    const cleared = Object.fromEntries(
      sync.mappings.filter(({ to }) => to !== sync.matchKey?.to).map(({ to }) => [to, null]),
    );
    const encode = (record: DestinationRecord): string =>
      valueToJson(
        record.operation === 'clear' ? profileJson(record, sync, cleared) : profileJson(record, sync),
      );
    const identity = (record: DestinationRecord): string => identifierText(record).toLowerCase();
    const one: Route = {
      name: 'one',
      batch: { rows: 1, bytes: jobBatch.bytes, recordBytes: jobBatch.recordBytes },
      encode,
      request: ({ items }) => ({
        method: 'POST',
        path: '/api/profile-import',
        body: body(`{"data":${items[0]}}`),
      }),
      read: (_, { records }) => records.map(() => delivered),
    };
    const request = (items: readonly string[]) => ({
      method: 'POST' as const,
      path: '/api/profile-bulk-import-jobs',
      body: body(
        `{"data":{"type":"profile-bulk-import-job","attributes":{"profiles":{"data":[${items.join(',')}]}}}}`,
      ),
    });
    const jobs = createJobMemory<BegunJob>();
    const job: Route = {
      name: 'job',
      batch: jobBatch,
      identity,
      encode,
      request: ({ items }) => request(items),
      read: () => [],
      asks: true,
      async send({ items, idempotencyKey }, session) {
        const results: (RecordResult | undefined)[] = items.map(() => undefined);
        let begun = jobs.find(session.memory, idempotencyKey);
        if (!begun && session.asksOnly) return items.map(() => unasked);
        if (!begun) {
          const taken = await sendPointed(session, items, request, results);
          if (!taken) return results as RecordResult[];
          const refused = results.flatMap((result, place) => (result ? [{ place, result }] : []));
          begun = { id: String(valueAtPath(taken.answer.body, 'data.id')), refused };
          await jobs.keep(session.memory, idempotencyKey, begun);
        }
        for (const { place, result } of begun.refused) results[place] = result;
        const places = items.map((_, place) => place).filter((place) => results[place] === undefined);
        const sent = begun.refused.length === 0 ? items : places.map((place) => items[place] ?? '');
        let answers: RecordResult[];
        try {
          answers = await settleJob(session, begun.id, sent);
          jobs.forget(idempotencyKey);
        } catch (thrown) {
          const result = whileItWorks(thrown);
          answers = sent.map(() => result);
        }
        places.forEach((place, index) => {
          results[place] = answers[index];
        });
        return results as RecordResult[];
      },
    };
    return (_, batchRows) => (batchRows < jobRowsMin ? one : job);
  },
};

/** A job whose end nobody has seen, and the rows that were refused before it began. */
interface BegunJob {
  readonly id: string;
  readonly refused: readonly { readonly place: number; readonly result: RecordResult }[];
}

/** Klaviyo goes on with a job that nobody asks for: its rows are in doubt until somebody does. Rethrows what is fatal. */
function whileItWorks(thrown: unknown): RecordResult {
  if (thrown instanceof NotAdmitted)
    return {
      status: 'uncertain',
      code: 'request_stopped',
      message: 'The run was stopped while Klaviyo worked.',
    };
  if (!(thrown instanceof RequestFailed) || thrown.failure.kind !== 'rows') throw thrown;
  const { result } = thrown.failure;
  if (result.status === 'retry') return { ...result, inDoubt: true };
  return result;
}
