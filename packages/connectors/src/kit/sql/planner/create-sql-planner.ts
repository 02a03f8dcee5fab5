import { SluiceError } from '@sluice/domain/error';
import type { ConnectContext } from '../../context.ts';
import { modelStatement } from '../../model-statement.ts';
import { type MirrorState, plannerSchema, type SourcePlanner } from '../../planner.ts';
import { readCsvFile } from '../read-csv.ts';
import { inSession, silenceMs } from '../sql-source.ts';
import { compareInSource, sameState } from './compare.ts';
import { movedRow, readState, replacedRow, stateId, stateRow, travelledRow } from './mirror-rows.ts';
import { advancedSql, rememberedSql, replacedSql } from './mirror-sql.ts';
import { mirrorColumns, mirrorName, type PlannedTable, plannedTable, uploadName } from './names.ts';
import type { PlannerEngine, PlannerWriter } from './planner-engine.ts';

/**
 * A planner made of an engine that can write. A mirror is one table that is only ever replaced as a whole, by one step that
 * others see at once, so it needs no transaction: whatever stops in between leaves an upload that nobody reads, and that
 * is dropped a day later. Each method has a session of its own.
 */
export function createSqlPlanner(engine: PlannerEngine, context: ConnectContext): SourcePlanner {
  const { planner, dialect } = engine;
  const tables = (syncId: number, upload: string) => ({
    mirror: planner.table(mirrorName(syncId)),
    upload: planner.table(upload),
    textType: planner.textType,
  });
  const write = <T>(work: (writer: PlannerWriter, alive: () => void) => Promise<T>): Promise<T> =>
    inWriter(engine, context, work);
  /** Uploads rows and puts what a query makes of them in the mirror's place. */
  const change = async (
    writer: PlannerWriter,
    alive: () => void,
    syncId: number,
    path: string,
    how: {
      row(cells: readonly (string | null)[]): (string | null)[];
      readonly state: MirrorState | null;
      query(on: ReturnType<typeof tables>): string;
    },
  ): Promise<void> => {
    for (const { name, kind, left, syncId: of } of await listTables(engine, writer))
      if (kind === 'upload' && left && of === syncId) await writer.drop(planner.table(name));
    const fresh = () => uploadName(syncId, Date.now());
    const on = tables(syncId, fresh());
    await writer.create(on.upload, mirrorColumns);
    for await (const block of readCsvFile(path, writer.rowsAtOnce)) {
      await writer.append(on.upload, mirrorColumns, block.map(how.row));
      alive();
    }
    if (how.state) await writer.append(on.upload, mirrorColumns, [stateRow(how.state)]);
    await writer.publish(on.mirror, how.query(on), planner.table(fresh()));
    await writer.drop(on.upload);
  };
  const holds = async (writer: PlannerWriter, syncId: number, state: MirrorState): Promise<boolean> => {
    const found = await readMirror(engine, writer, syncId);
    return found !== null && sameState(found, state);
  };
  return {
    mirror: (syncId) => write((writer) => readMirror(engine, writer, syncId)),
    replace: (syncId, to, path) =>
      write((writer, alive) =>
        change(writer, alive, syncId, path, { row: replacedRow, state: to, query: replacedSql }),
      ),
    advance: (syncId, from, to, path) =>
      write(async (writer, alive) => {
        if (!(await holds(writer, syncId, from))) return false;
        const query = (on: ReturnType<typeof tables>) => advancedSql(on, stateId(from));
        await change(writer, alive, syncId, path, { row: movedRow, state: to, query });
        return true;
      }),
    remember: (syncId, at, path) =>
      write(async (writer, alive) => {
        if (!(await holds(writer, syncId, at))) return;
        const query = (on: ReturnType<typeof tables>) => rememberedSql(on, stateId(at));
        await change(writer, alive, syncId, path, { row: travelledRow, state: null, query });
      }),
    compare: (query, comparison, path) =>
      inSession(engine.open, context, silenceMs(context), ({ session, alive }) =>
        compareInSource(session, engine, modelStatement(query, dialect), comparison, path, alive),
      ),
    list: () =>
      write(async (writer) => {
        const found = await listTables(engine, writer).catch((thrown: unknown) => {
          if (thrown instanceof SchemaMissing) return [];
          throw thrown;
        });
        return [...new Set(found.map(({ syncId }) => syncId))].sort((one, other) => one - other);
      }),
    drop: (syncIds) =>
      write(async (writer) => {
        if (syncIds.length === 0) return;
        for (const { name, syncId } of await listTables(engine, writer))
          if (syncIds.includes(syncId)) await writer.drop(planner.table(name));
      }),
  };
}

/** Some work in a session for our own tables. What is missing there is `planner_not_ready`, with the statements that help. */
export async function inWriter<T>(
  engine: PlannerEngine,
  context: ConnectContext,
  work: (writer: PlannerWriter, alive: () => void) => Promise<T>,
): Promise<T> {
  try {
    return await inSession(engine.openWriter, context, silenceMs(context), ({ session, alive }) =>
      work(session, alive),
    );
  } catch (thrown) {
    throw notReady(engine, thrown);
  }
}

/** A right that was taken away while the planner works is the same trouble as one that was never given. */
function notReady({ planner }: PlannerEngine, thrown: unknown): unknown {
  if (!(thrown instanceof SluiceError)) return thrown;
  if (thrown.code !== 'source_permission' && thrown.code !== 'query_invalid') return thrown;
  return new SluiceError('planner_not_ready', thrown.message, {
    cause: thrown,
    fix: `Let an administrator run, and drop what an earlier user has left in the schema ${plannerSchema}:\n${planner.grants}`,
  });
}

/** Tables of ours. Throws `planner_not_ready` where there is no schema. */
async function listTables({ planner }: PlannerEngine, writer: PlannerWriter): Promise<PlannedTable[]> {
  const names = await writer.tables();
  if (names === null) throw new SchemaMissing(planner);
  return names.map((name) => plannedTable(name, Date.now())).filter((table) => table !== null);
}

/** There is no schema for the planner; with the statements that make one. */
export class SchemaMissing extends SluiceError {
  constructor({ place, grants }: PlannerEngine['planner']) {
    super('planner_not_ready', `In ${place}, there is no schema ${plannerSchema}.`, {
      fix: `Let an administrator of ${place} run:\n${grants}`,
    });
  }
}

async function readMirror(
  engine: PlannerEngine,
  writer: PlannerWriter,
  syncId: number,
): Promise<MirrorState | null> {
  const tables = await listTables(engine, writer);
  const found = tables.find((one) => one.kind === 'mirror' && one.syncId === syncId);
  if (!found) return null;
  const [row, ...more] = await writer.rows(
    `SELECT row_key FROM ${engine.planner.table(mirrorName(syncId))} WHERE part = 'state'`,
  );
  return row?.[0] && more.length === 0 ? readState(row[0]) : null;
}
