import type { DestinationRecord, RecordResult } from '../../kit/destination.ts';
import { NotAdmitted } from '../../kit/destination.ts';
import type { ApiClient, ApiSession } from '../../kit/http/api-client.ts';
import { createJobMemory } from '../../kit/http/job-memory.ts';
import { type Portion, type Route, unasked } from '../../kit/http/route.ts';
import { pause } from '../../kit/pause.ts';
import {
  abortJob,
  closeJob,
  createJob,
  isPassing,
  type JobOrder,
  type JobState,
  readJob,
  readResults,
  uploadCsv,
  wordsOf,
} from './bulk-job.ts';
import { matchColumns, matchResults, type SentCsv } from './bulk-results.ts';
import { lookUp, notFound } from './collection-routes.ts';
import { dataPath } from './configuration.ts';
import { csvLine } from './csv.ts';
import type { DailyLimit } from './daily-limit.ts';
import { recordId } from './record-field.ts';
import type { RecordForm } from './record-form.ts';

/** Salesforce cuts jobs into internal batches of 10,000 rows; up to 100 MB are taken, and results have to be read whole. */
export const bulkBatch = { rows: 10_000, bytes: 10_000_000, recordBytes: 400_000 };
/** How often in a row an unreachable job is asked for before its rows are left to the next try. */
const lostMax = 4;
const pauses = { firstMs: 500, mostMs: 15_000 };
/** A run that was stopped waits about two seconds for its connector. */
const lastWordsMs = 1_500;

/**
 * Many records in one job of Bulk API 2.0, which goes on when we do not: it is remembered, so that after a lost answer the
 * same rows ask the same job instead of being sent again.
 */
export function bulkRoutes(
  form: RecordForm,
  client: ApiClient,
  daily: DailyLimit,
): Readonly<Record<'create' | 'update' | 'upsert', Route>> {
  const jobs = createJobMemory<string>();

  const route = (name: 'create' | 'update' | 'upsert'): Route => {
    const keyColumn = name === 'create' ? null : name === 'update' ? recordId : form.matchField;
    const order: JobOrder = {
      object: form.object,
      operation: name === 'create' ? 'insert' : name,
      externalIdFieldName: name === 'upsert' ? form.matchField : null,
    };
    const header = form.csvHeader(keyColumn);
    const keyOf = (record: DestinationRecord): string | null =>
      keyColumn === null ? null : form.matchText(record);

    /** Runs the job of these rows to its end, or finds it again. */
    async function settle(
      session: ApiSession,
      key: string,
      rows: readonly string[],
    ): Promise<RecordResult[]> {
      const csv: SentCsv = { header, keyed: keyColumn !== null, rows };
      const known = jobs.find(session.memory, key);
      if (!known && session.asksOnly) return rows.map(() => unasked);
      // Of one that is known nobody can tell here whether it was closed: it is asked.
      const job = known
        ? { id: known, closed: true }
        : { id: await createJob(session, order), closed: false };
      if (!known) {
        await uploadCsv(session, job.id, `${[csvLine(header), ...rows].join('\n')}\n`);
        await jobs.keep(session.memory, key, job.id);
      }
      const files = async (asked: ApiSession) => ({
        successful: await readResults(asked, job.id, 'successfulResults', matchColumns(csv)),
        failed: await readResults(asked, job.id, 'failedResults', [...matchColumns(csv), 'sf__Error']),
      });
      try {
        const state = await finish(session, job);
        const results = matchResults(state, await files(session), csv);
        if (results.every(({ status }) => status === 'retry')) await jobs.drop(session.memory, key);
        else jobs.forget(key);
        return results;
      } catch (thrown) {
        const stopped = thrown instanceof NotAdmitted || session.signal.aborted;
        if (stopped && job.closed) {
          if (session.memory?.goesOn) return rows.map(() => unknown);
          const own = client.session({
            signal: AbortSignal.timeout(lastWordsMs),
            admit: () => Promise.resolve(),
          });
          // It may have ended meanwhile: then there is nothing to abort.
          await abortJob(own, job.id).catch(() => undefined);
          const state = await readJob(own, job.id).catch(() => null);
          const ended = state && isOver(state) ? await files(own).catch(() => null) : null;
          if (state && ended) return matchResults(state, ended, csv);
          return rows.map(() => unknown);
        }
        if (!isPassing(thrown) || !job.closed) throw thrown;
        const words = wordsOf(thrown);
        return rows.map(() => ({ status: 'retry', ...words, inDoubt: true }));
      }
    }

    async function finish(
      session: ApiSession,
      job: { readonly id: string; closed: boolean },
    ): Promise<JobState> {
      let lost = 0;
      for (let waitMs = pauses.firstMs; ; waitMs = Math.min(waitMs * 2, pauses.mostMs)) {
        try {
          const state = job.closed ? await readJob(session, job.id) : null;
          if (state && isOver(state)) return state;
          if (!state || state.state === 'Open') {
            // Whether or not its answer comes, the job says later whether it was closed.
            job.closed = true;
            await closeJob(session, job.id);
          }
          lost = 0;
        } catch (thrown) {
          lost += 1;
          if (!isPassing(thrown) || session.signal.aborted || lost >= lostMax) throw thrown;
        }
        await pause(waitMs, session.signal);
      }
    }

    return {
      name: `${name} job`,
      batch: bulkBatch,
      ...(name !== 'create' && { identity: form.identity }),
      encode: (record) => form.csvRow(record, keyOf(record)),
      request: ({ items }) => ({
        method: 'PUT',
        path: `${dataPath}/jobs/ingest/{job}/batches`,
        body: { type: 'text/csv', text: [csvLine(header), ...items].join('\n') },
        answer: 'nothing',
      }),
      read: () => [],
      asks: true,
      async send(portion: Portion, session: ApiSession) {
        daily.assertLeft();
        if (name !== 'update') return settle(session, portion.idempotencyKey, portion.items);
        const { ids, results } = await lookUp(form, portion.records, session, (record) =>
          notFound(form, record),
        );
        if (ids.length === 0) return results as RecordResult[];
        const rows = ids.map(({ place, id }) => form.csvRow(portion.records[place] as DestinationRecord, id));
        const answers = await settle(session, portion.idempotencyKey, rows);
        ids.forEach(({ place }, index) => {
          results[place] = answers[index];
        });
        return results as RecordResult[];
      },
    };
  };
  return { create: route('create'), update: route('update'), upsert: route('upsert') };
}

const isOver = ({ state }: JobState): boolean =>
  state === 'JobComplete' || state === 'Failed' || state === 'Aborted';

const unknown: RecordResult = {
  status: 'uncertain',
  code: 'request_stopped',
  message: 'The run was stopped while Salesforce worked on the job.',
};
