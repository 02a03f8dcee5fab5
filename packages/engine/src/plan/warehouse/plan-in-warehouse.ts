import { join } from 'node:path';
import type { ComparedResult, Comparison, MirrorState, SourcePlanner } from '@sluice/connectors/kit/planner';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { Duck } from '../../duck.ts';
import type { OpenLedger } from '../../ledger/open-ledger.ts';
import type { DraftSpecification, EnginePorts } from '../../run.ts';
import type { MadePlan, PlanProgress } from '../make-plan.ts';
import { planChanges } from '../plan-changes.ts';
import { examplesOfDuplicates } from '../stage-rows.ts';
import { type UsedColumns, usedColumns } from '../used-columns.ts';
import { whenReachable } from '../when-reachable.ts';
import { advanceMirror } from './advance-mirror.ts';
import { keepPrints } from './keep-prints.ts';
import { type StagedDifferences, stageDifferences, stageEveryRow } from './stage-differences.ts';

/**
 * Plans a run from what the source finds different from its mirror of the ledger. The mirror only says which rows need
 * not be looked at; every class and every fingerprint comes from the comparison with the ledger itself, in the same code
 * as for rows that were all read. Answers `null` when the sync uses other columns than the ledger knows,
 * or of types that the source cannot compare: then every row has to be read. Throws `planner_not_ready`, the source's errors and those of a plan.
 */
export async function planInWarehouse(
  duck: Duck,
  spec: DraftSpecification,
  ports: EnginePorts,
  place: { readonly planner: SourcePlanner; readonly syncId: number; readonly ledger: OpenLedger },
  on: PlanProgress,
): Promise<MadePlan | null> {
  const { planner, syncId, ledger } = place;
  const { workDirectory } = ports;
  const used = usedBy(spec, ports);
  const wanted = stateOf(spec, ledger);
  const compare = async (mirrored: boolean): Promise<{ result: ComparedResult; found: Found | null }> => {
    const path = join(workDirectory, 'differences.csv');
    if (mirrored) on.comparing();
    const chosen: { used?: UsedColumns } = {};
    const comparison: Comparison = {
      syncId,
      onProgress: mirrored ? () => undefined : on.read,
      choose: (columns) => {
        chosen.used = used(columns);
        if (!isComparable(ledger, chosen.used)) throw new NotComparable();
        const match = chosen.used.values.findIndex(({ column }) => column.name === wanted.matchColumn);
        return {
          key: chosen.used.key.index,
          values: chosen.used.values.map(({ index }) => index),
          match: match < 0 ? null : match,
          mirror: mirrored ? wanted : null,
        };
      },
    };
    const ask = () => planner.compare(spec.model.query, comparison, path);
    const result = await whenReachable(ask, ports, on);
    if (result.declined !== undefined) {
      on.declined?.(result.declined);
      throw new NotComparable();
    }
    if (!result.compared || !chosen.used) return { result, found: null };
    const arrived = { result, path, used: chosen.used, ledger, workDirectory };
    await duck.widen();
    const differences = await (mirrored ? stageDifferences : stageEveryRow)(duck, arrived);
    // A mirror with another number of keys is not this ledger's, whatever it says: emptied by a crash, or by somebody.
    const whole = differences.held === ledger.rows;
    return { result, found: whole ? { used: chosen.used, differences, mirrored } : null };
  };
  try {
    const { blobs } = ports;
    const mirror = { planner, blobs, syncId, ledger, wanted, workDirectory };
    const mirrored = await whenReachable(() => advanceMirror(duck, mirror), ports, on);
    let { result, found } = await compare(mirrored);
    if (!found && mirrored) ({ result, found } = await compare(false));
    if (!found) throw new SluiceError('internal', 'The source compared nothing.');
    const { differences } = found;
    const { rows: queried } = differences.staged;
    await on.complete({
      columns: result.columns,
      rows: queried,
      bytes: result.bytes,
      differing: found.mirrored ? result.rows - tallyLines : null,
    });
    await keepPrints(duck, { planner, syncId, wanted, workDirectory, ...found });
    const plan = await planChanges(duck, {
      ...differences,
      used: found.used,
      configuration: spec.configuration,
      resync: 'none',
      workDirectory,
    });
    return { ...plan, columns: result.columns, keyExamples: await examplesOfDuplicates(duck) };
  } catch (thrown) {
    if (thrown instanceof NotComparable) return null;
    throw thrown;
  }
}

interface Found {
  readonly used: UsedColumns;
  readonly differences: StagedDifferences;
  readonly mirrored: boolean;
}

/** `queried`, `unkeyed` and `held`. */
const tallyLines = 3;

/** Every row has to be read. */
class NotComparable extends Error {}

const usedBy =
  (spec: DraftSpecification, ports: EnginePorts) =>
  (columns: readonly Column[]): UsedColumns =>
    usedColumns(columns, spec.model.primaryKey, spec.configuration, ports.destination);

/** What the mirror has to hold to be compared with. A match value that is the key itself needs no copy. */
function stateOf(spec: DraftSpecification, ledger: OpenLedger): MirrorState {
  const from = spec.configuration.matchKey?.from ?? null;
  return {
    files: ledger.files.map(({ key }) => key),
    matchColumn: from === spec.model.primaryKey ? null : from,
  };
}

/** Whether fingerprints of the ledger cover the columns that are used now, and it has all their values. */
function isComparable(ledger: OpenLedger, used: UsedColumns): boolean {
  const names = [used.key.column, ...used.values.map(({ column }) => column)].map(({ name }) => name);
  const kept = new Set(ledger.kept.map(({ name }) => name));
  return (
    JSON.stringify(names.toSorted()) === JSON.stringify(ledger.fingerprinted) &&
    used.values.every(({ column }) => kept.has(column.name))
  );
}
