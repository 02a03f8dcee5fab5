import { createHash } from 'node:crypto';
import type { PgSession } from '../../../kit/pg-connection.ts';
import type { ComparedResult, Comparison, MirrorState } from '../../../kit/planner.ts';
import { describeStatement } from '../describe-statement.ts';
import { copyToFile, type SpoolWatch } from '../spool.ts';
import { compareSql, everyRowSql } from './compare-sql.ts';
import { readMirror, sameState } from './read-mirror.ts';

/** Raised whenever `canonicalText` writes a value differently: every print is void then. */
const canonicalVersion = 1;

/** See `SourcePlanner.compare`; in a read-only transaction, so that mirror and model are of one moment. */
export async function compare(
  session: PgSession,
  statement: string,
  comparison: Comparison,
  path: string,
  watch: SpoolWatch,
): Promise<ComparedResult> {
  const described = await describeStatement(session, statement);
  const { columns } = described;
  const { key, values, match, mirror } = comparison.choose(columns);
  if (mirror && !(await holds(session, comparison.syncId, mirror))) {
    return { columns, rows: 0, bytes: 0, compared: false };
  }
  const used = values.map((position) => columns[position]);
  const salt = createHash('md5')
    .update(JSON.stringify([canonicalVersion, used.map((column) => [column?.name, column?.nativeType])]))
    .digest('hex');
  const model = { model: described, key, values, match, salt };
  const sql = mirror ? compareSql(model, comparison.syncId) : everyRowSql(model);
  // What leaves the parallel part of the plan is a few bytes a row; the planner thinks of whole rows, and shuns it.
  await session.run('SET LOCAL parallel_tuple_cost = 0');
  // Room for the mirror's keys and prints in a join in memory, where the server would give less.
  await session.run(`SELECT set_config('work_mem', '${workMemKb}kB', true)
    WHERE (SELECT setting::int FROM pg_settings WHERE name = 'work_mem') < ${workMemKb}`);
  const copied = await copyToFile(session, sql, path, watch, { parts: mirror === null });
  return { columns, ...copied, compared: true };
}

const workMemKb = 65_536;

async function holds(session: PgSession, syncId: number, state: MirrorState): Promise<boolean> {
  const found = await readMirror(session, syncId);
  return found !== null && sameState(found, state);
}
