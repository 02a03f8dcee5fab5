import type { Job } from '@google-cloud/bigquery';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import { abortError } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { Block, SqlResult, SqlSession } from '../../kit/sql/engine.ts';
import { type CellReader, cellReader, type WireField } from './cell-reader.ts';
import type { BigQueryClient } from './client.ts';
import type { BigQuerySettings } from './configuration.ts';
import { introspect } from './introspect.ts';
import { dryRun, type Page, readPage, startJob } from './job.ts';

/** Jobs of one use of the source; BigQuery itself has no sessions. */
export function openBigQuerySession(
  client: BigQueryClient,
  settings: BigQuerySettings,
  context: ConnectContext,
): SqlSession {
  let running: Job | null = null;
  let stopped = false;
  const cancel = async (): Promise<void> => {
    stopped = true;
    const job = running;
    running = null;
    // Of the signal that has aborted nothing more may hang: the request goes out all the same.
    await job?.cancel().catch(() => {});
  };
  const session: SqlSession = {
    async query(statement) {
      if (context.signal.aborted) throw abortError(context.signal);
      const job = await startJob(client, statement, settings, context);
      running = job;
      // Whoever stopped it while it was being made could not name it yet.
      if (stopped || context.signal.aborted) {
        await cancel();
        if (context.signal.aborted) throw abortError(context.signal);
        throw new SluiceError('source_timeout', 'The query was cancelled before it began.');
      }
      const first = await readPage(client, job, null);
      const done = () => {
        if (running === job) running = null;
      };
      return resultOf(client, job, first, done);
    },
    async describe(statement) {
      const { fields, statementType } = await dryRun(client, statement);
      if (statementType !== 'SELECT') throw notReading(statementType);
      return fields.map(columnOf);
    },
    estimate: async (statement) => ({ bytes: (await dryRun(client, statement)).bytes }),
    introspect: () => introspect(session, client, settings),
    cancel,
    end: cancel,
  };
  return session;
}

const notReading = (statementType: string): SluiceError =>
  new SluiceError(
    'query_not_read_only',
    `A model may only read, but BigQuery calls this a statement of type ${statementType || 'unknown'}.`,
  );

function columnOf(field: WireField): Column {
  const { type, nativeType } = cellReader(field);
  return { name: field.name, type, nativeType };
}

function resultOf(client: BigQueryClient, job: Job, first: Page, done: () => void): SqlResult {
  const readers = first.fields.map(cellReader);
  return { columns: first.fields.map(columnOf), blocks: blocksOf(client, job, first, readers, done) };
}

/** The next page is on its way while one is written. */
async function* blocksOf(
  client: BigQueryClient,
  job: Job,
  first: Page,
  readers: readonly CellReader[],
  done: () => void,
): AsyncGenerator<Block> {
  const promised = first.rowsTotal;
  let seen = 0;
  let page = first;
  for (;;) {
    const next = page.next === null ? null : readPage(client, job, page.next);
    // Whoever stops taking rows does not hear of it.
    next?.catch(() => {});
    seen += page.rows.length;
    if (page.rows.length > 0) yield page.rows.map(({ f }) => cellsOf(f, readers));
    if (next === null) break;
    try {
      page = await next;
    } catch (thrown) {
      throw asEarlyEnd(thrown, seen, promised);
    }
  }
  done();
  if (seen !== promised) throw endedEarly(seen, promised);
}

/** After the first page only the way to the rows can break. */
function asEarlyEnd(thrown: unknown, seen: number, promised: number): unknown {
  const broken =
    thrown instanceof SluiceError &&
    ['source_unreachable', 'source_failed', 'query_invalid'].includes(thrown.code);
  return broken ? endedEarly(seen, promised, thrown) : thrown;
}

const endedEarly = (seen: number, promised: number, cause?: SluiceError): SluiceError =>
  new SluiceError(
    'source_ended_early',
    `BigQuery announced ${promised} rows, but only ${seen} could be fetched; nothing was planned from them.${cause ? ` ${cause.message}` : ''}`,
    { cause },
  );

function cellsOf(cells: Page['rows'][number]['f'], readers: readonly CellReader[]): (string | null)[] {
  return cells.map(({ v }, index) =>
    v === null || v === undefined ? null : (readers[index] as CellReader).read(v),
  );
}
