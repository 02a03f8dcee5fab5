import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { KeyInspection, QueryPreview } from '@sluice/domain/model';
import type { ModelQuery } from '@sluice/domain/query';
import { abortError } from '../aborted.ts';
import type { ConnectContext } from '../context.ts';
import { modelStatement } from '../model-statement.ts';
import type { SourceConnection, SpooledResult } from '../source.ts';
import type { SqlEngine, SqlResult, SqlSession } from './engine.ts';
import { openSpoolWriter } from './spool-writer.ts';

/** Characters of a cell that are shown. */
const cellLengthMax = 2_000;
const silenceMsDefault = 60 * 60 * 1_000;

/**
 * A source made of an engine that streams rows. Each method has a session of its own, which ends with it; what runs at
 * the server is stopped when the signal aborts or the time is over (`source_timeout`).
 */
export function createSqlSource(
  engine: SqlEngine,
  context: ConnectContext,
  check: SourceConnection['check'],
): SourceConnection {
  const { dialect } = engine;
  const statementOf = (query: ModelQuery): string => modelStatement(query, dialect);
  return {
    check,
    introspect: () => inSession(engine.open, context, quick(context), ({ session }) => session.introspect()),
    describe: (query) =>
      inSession(engine.open, context, quick(context), ({ session }) =>
        describeQuery(session, engine, statementOf(query)),
      ),
    ...(engine.estimates && {
      estimate: (query: ModelQuery) =>
        inSession(engine.open, context, quick(context), async ({ session }) => {
          if (!session.estimate) throw new Error('an engine that estimates has sessions that do');
          return session.estimate(statementOf(query));
        }),
    }),
    preview: (query, { limit }) =>
      inSession(engine.open, context, quick(context), ({ session }) =>
        preview(session, engine, statementOf(query), limit),
      ),
    inspectKey: (query, column) =>
      inSession(engine.open, context, quick(context), ({ session }) =>
        inspectKey(session, engine, statementOf(query), column),
      ),
    spool: (query, path, onProgress) =>
      inSession(engine.open, context, silenceMs(context), ({ session, alive }) =>
        spool(session, engine, statementOf(query), path, (rows) => {
          alive();
          onProgress(rows);
        }),
      ),
    close: async () => {},
  };
}

/** Longest silence of a server while it computes and sends a whole result. */
export const silenceMs = (context: ConnectContext): number => context.timeouts.queryMs ?? silenceMsDefault;

const quick = (context: ConnectContext): number => context.timeouts.requestMs;

/** What can be stopped and ended. */
type Endable = Pick<SqlSession, 'cancel' | 'end'>;

/** Opens a session for some work and ends it. `alive` starts the clock anew. Throws `source_timeout` after so long a silence. */
export async function inSession<Session extends Endable, T>(
  open: (context: ConnectContext, alive: () => void) => Promise<Session>,
  context: ConnectContext,
  silenceMs: number,
  work: (on: { session: Session; alive(): void }) => Promise<T>,
): Promise<T> {
  if (context.signal.aborted) throw abortError(context.signal);
  let timer: NodeJS.Timeout | null = null;
  const alive = () => {
    timer?.refresh();
  };
  const session = await open(context, alive);
  let late = false;
  const stop = () => {
    session.cancel().then(session.end, session.end);
  };
  timer = setTimeout(() => {
    late = true;
    stop();
  }, silenceMs);
  context.signal.addEventListener('abort', stop, { once: true });
  if (context.signal.aborted) stop();
  try {
    return await work({ session, alive });
  } catch (thrown) {
    if (context.signal.aborted) throw abortError(context.signal);
    if (!late) throw thrown;
    throw new SluiceError(
      'source_timeout',
      `The source sent nothing within ${Math.round(silenceMs / 1000)} seconds; the query was cancelled.`,
      { cause: thrown },
    );
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener('abort', stop);
    await session.end();
  }
}

/** Columns of a statement, once the server has said that it can be a subquery. */
export async function describeQuery(
  session: SqlSession,
  { dialect }: Pick<SqlEngine, 'dialect'>,
  statement: string,
): Promise<Column[]> {
  const columns = session.describe
    ? await session.describe(statement)
    : (await readAll(await session.query(dialect.limited(statement, 0)))).columns;
  return distinct(columns);
}

async function preview(
  session: SqlSession,
  { dialect }: SqlEngine,
  statement: string,
  limit: number,
): Promise<QueryPreview> {
  const startedAt = performance.now();
  const { columns, rows } = await readAll(await session.query(dialect.limited(statement, limit + 1)));
  return {
    columns: distinct(columns),
    rows: rows.slice(0, limit).map((row) => row.map((cell) => cell?.slice(0, cellLengthMax) ?? null)),
    hasMore: rows.length > limit,
    durationMs: Math.round(performance.now() - startedAt),
  };
}

/** Counts NULL (and empty) and repeated keys with one query. */
async function inspectKey(
  session: SqlSession,
  engine: SqlEngine,
  statement: string,
  name: string,
): Promise<KeyInspection> {
  const { dialect } = engine;
  const columns = await describeQuery(session, engine, statement);
  const column = columns.find((one) => one.name === name);
  if (!column) throw new SluiceError('model_primary_key_missing', `The query has no column "${name}".`);
  const key = dialect.text(dialect.quote(name), column);
  const keys = `SELECT sluice_key, COUNT(*) AS sluice_times FROM (
    SELECT CASE WHEN ${key} = '' THEN NULL ELSE ${key} END AS sluice_key FROM (\n${statement}\n) AS sluice_model
  ) AS sluice_keys GROUP BY sluice_key`;
  const times = (condition: string) =>
    `COALESCE(SUM(CASE WHEN ${condition} THEN sluice_times ELSE 0 END), 0)`;
  const repeated = 'sluice_key IS NOT NULL AND sluice_times > 1';
  const totals = await readAll(
    await session.query(
      `SELECT ${times('1 = 1')} AS a, ${times('sluice_key IS NULL')} AS b, ${times(repeated)} AS c FROM (${keys}) AS sluice_counts`,
    ),
  );
  const [rows, nulls, duplicates] = (totals.rows[0] ?? []).map(Number);
  const examples =
    duplicates === 0
      ? []
      : (
          await readAll(
            await session.query(
              dialect.limited(
                `SELECT ${dialect.shown?.('sluice_key') ?? 'sluice_key'} AS sluice_example FROM (${keys}) AS sluice_counts WHERE ${repeated} ORDER BY sluice_times DESC, sluice_key`,
                5,
              ),
            ),
          )
        ).rows.map(([example]) => (example ?? '').slice(0, 200));
  return { rows: rows ?? 0, nulls: nulls ?? 0, duplicates: duplicates ?? 0, examples };
}

async function spool(
  session: SqlSession,
  engine: SqlEngine,
  statement: string,
  path: string,
  onProgress: (rows: number) => void,
): Promise<SpooledResult> {
  // What can be a subquery only reads: the server has to say so before the statement runs by itself.
  const described = await describeQuery(session, engine, statement);
  const inBulk = (await session.spool?.(statement, described, path, onProgress)) ?? null;
  if (inBulk !== null) return inBulk;
  const result = await session.query(statement);
  const columns = distinct(result.columns);
  const writer = await openSpoolWriter(path);
  try {
    let seen = 0;
    for await (const block of result.blocks) {
      await writer.write(block);
      seen += block.length;
      onProgress(seen);
    }
    return { columns, ...(await writer.finish()) };
  } finally {
    await writer.close();
  }
}

/** For results that are known to be small. */
export async function readAll(
  result: SqlResult,
): Promise<{ columns: readonly Column[]; rows: (string | null)[][] }> {
  const rows: (string | null)[][] = [];
  for await (const block of result.blocks) for (const row of block) rows.push([...row]);
  return { columns: result.columns, rows };
}

function distinct(columns: readonly Column[]): Column[] {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) {
      throw new SluiceError('query_columns_duplicate', `The result has two columns called "${name}".`, {
        details: { column: name },
      });
    }
    seen.add(name);
  }
  return [...columns];
}
