import type { Column } from '@sluice/domain/column';
import type { ComparedResult, Comparison, MirrorState } from '../../planner.ts';
import type { SqlSession } from '../engine.ts';
import { openSpoolWriter, type SpoolWriter } from '../spool-writer.ts';
import { describeQuery } from '../sql-source.ts';
import { compareSql, everyRowSql, reasonAgainst } from './compare-sql.ts';
import { readState } from './mirror-rows.ts';
import { mirrorName } from './names.ts';
import type { PlannerEngine } from './planner-engine.ts';

type Cells = readonly (string | null)[];

/** See `SourcePlanner.compare`: one query, so that model and mirror are of one moment. */
export async function compareInSource(
  session: SqlSession,
  engine: PlannerEngine,
  statement: string,
  comparison: Comparison,
  path: string,
  alive: () => void,
): Promise<ComparedResult> {
  const { dialect, planner } = engine;
  // What can be a subquery only reads: the server has to say so before the statement runs in one of ours.
  const columns = await describeQuery(session, engine, statement);
  const chosen = comparison.choose(columns);
  const asked = { dialect, planner, statement, columns, chosen };
  const declined = reasonAgainst(asked);
  if (declined !== null) return { columns, rows: 0, bytes: 0, compared: false, declined };
  const { mirror } = chosen;
  const table = planner.table(mirrorName(comparison.syncId));
  const result = await session.query(mirror ? compareSql(asked, table) : everyRowSql(asked));
  const writer = await openSpoolWriter(path);
  try {
    const lines = mirror ? differing(writer, chosen.match) : everyRow(writer, comparison);
    for await (const block of result.blocks) {
      await lines.take(block);
      alive();
    }
    const compared = await lines.end(mirror);
    return { columns: [...columns] as Column[], ...(await writer.finish()), compared };
  } finally {
    await writer.close();
  }
}

interface Lines {
  take(block: readonly Cells[]): Promise<void>;
  /** Whether what came is the comparison with that mirror. */
  end(mirror: MirrorState | null): Promise<boolean>;
}

function everyRow(writer: SpoolWriter, { onProgress }: Comparison): Lines {
  let seen = 0;
  return {
    async take(block) {
      await writer.write(
        block.map(([key = null, print = null, ...values]) => ['row', null, key, print, ...values]),
      );
      seen += block.length;
      onProgress(seen);
    },
    end: async () => true,
  };
}

/** Makes lines of what `compareSql` answers, and counts what did not travel. */
function differing(writer: SpoolWriter, match: number | null): Lines {
  let rows = 0;
  let known = 0;
  let gone = 0;
  let unkeyed = 0;
  let width = 0;
  const mirror: { held?: number; state?: MirrorState } = {};
  const lines = (cells: Cells): Cells[] => {
    const [fate, times, turn, inMirror, touched, text = null, key = null, print = null, ...values] = cells;
    const nothing = values.map(() => null);
    width = values.length;
    if (fate === 'state') mirror.state = readState(text ?? '{}');
    if (fate === 'held') mirror.held = Number(text);
    if (fate === 'gone') {
      gone += 1;
      return [['gone', null, text, null, ...nothing]];
    }
    if (fate !== 'row' && fate !== 'same') return [];
    if (key === null || key === '') {
      rows += 1;
      unkeyed += 1;
      return [];
    }
    const alone = Number(times) === 1;
    if (alone ? fate === 'row' : turn === '1') {
      rows += Number(times);
      if (inMirror === '1') known += 1;
    }
    if (alone && fate === 'row') return [['row', null, key, print, ...values]];
    const twice: Cells[] = !alone && turn === '1' ? [['twice', times ?? null, key, null, ...nothing]] : [];
    const shared = match === null || touched !== '1' ? null : (values[match] ?? null);
    return shared === null
      ? twice
      : [
          ...twice,
          ['near', null, key, null, ...values.map((value, index) => (index === match ? value : null))],
        ];
  };
  return {
    take: (block) => writer.write(block.flatMap(lines)),
    async end(wanted) {
      const { held, state } = mirror;
      if (held === undefined || !state || !wanted || !sameState(state, wanted)) return false;
      const rest = held - gone - known;
      const line = (kind: string, number: number): Cells => [
        kind,
        String(number),
        null,
        null,
        ...Array.from({ length: width }, () => null),
      ];
      await writer.write([line('queried', rows + rest), line('unkeyed', unkeyed), line('held', held)]);
      return true;
    },
  };
}

export const sameState = (one: MirrorState, other: MirrorState): boolean =>
  one.matchColumn === other.matchColumn && JSON.stringify(one.files) === JSON.stringify(other.files);
