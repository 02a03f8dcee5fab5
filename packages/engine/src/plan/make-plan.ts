import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpooledResult } from '@sluice/connectors/kit/source';
import type { Column } from '@sluice/domain/column';
import type { SluiceError } from '@sluice/domain/error';
import type { RowFilter } from '@sluice/domain/row-filter';
import type { ResyncKind } from '@sluice/domain/sync';
import { type Duck, isMuch } from '../duck.ts';
import { type OpenLedger, openLedger } from '../ledger/open-ledger.ts';
import type { DraftSpecification, EnginePorts } from '../run.ts';
import { type PlannedFile, planChanges } from './plan-changes.ts';
import { planFirst } from './plan-first.ts';
import { filesOf } from './spool-file.ts';
import { createStageAhead, type StageAhead, type StagedAhead } from './stage-ahead.ts';
import { examplesOfDuplicates, stagedDirectory, stageRows } from './stage-rows.ts';
import { type UsedColumns, usedColumns } from './used-columns.ts';
import { planInWarehouse } from './warehouse/plan-in-warehouse.ts';
import { whenReachable } from './when-reachable.ts';

/** What is told while a plan is made. */
export interface PlanProgress {
  read(rows: number): void;
  /** The source compares by itself; it does not say how far it is. */
  comparing(): void;
  /** The source cannot compare this model, and why: every row is read. */
  declined?(reason: string): void;
  /** The source could not be reached and is asked again. */
  unreachable?(error: SluiceError): void;
  /** The model was read as a whole. `differing`: so many of its rows travelled; `null` where all did. */
  complete(result: SpooledResult & { readonly differing: number | null }): Promise<void>;
}

export interface MadePlan extends PlannedFile {
  readonly columns: SpooledResult['columns'];
  readonly keyExamples: string[];
}

/**
 * Reads the model and compares it with the ledger; a source with a planner compares by itself wherever a row can be
 * known to be unchanged. Nothing is planned from a result that is not complete. Throws the source's errors, `model_*`,
 * `planner_not_ready`, `ledger_missing` and `storage_full`.
 */
export async function makePlan(
  duck: Duck,
  spec: DraftSpecification & { readonly resync: ResyncKind; readonly filter?: RowFilter | null },
  ports: EnginePorts,
  on: PlanProgress,
): Promise<MadePlan> {
  const ledger = await openLedger(duck, ports.blobs, spec.ledgerKey);
  try {
    const { planner } = ports.source;
    const asUsual = spec.resync === 'none' && !spec.filter && ledger.key !== null;
    if (planner && spec.sync && asUsual) {
      const place = { planner, syncId: spec.sync.id, ledger };
      const plan = await planInWarehouse(duck, spec, ports, place, on);
      if (plan) return plan;
    }
    return await planLocally(duck, spec, ports, ledger, on);
  } finally {
    await ledger.release();
  }
}

/** Reads every row. */
async function planLocally(
  duck: Duck,
  spec: Parameters<typeof makePlan>[1],
  ports: EnginePorts,
  ledger: OpenLedger,
  on: PlanProgress,
): Promise<MadePlan> {
  const path = join(ports.workDirectory, 'spool.csv');
  const usedOf = (columns: readonly Column[]): UsedColumns =>
    usedColumns(columns, spec.model.primaryKey, spec.configuration, ports.destination);
  const first = ledger.key === null && !spec.filter && spec.resync !== 'reset';
  const options = {
    before: ledger.fingerprinted,
    filter: spec.filter ?? null,
    matchColumn: spec.configuration.matchKey?.from ?? null,
  };
  const directory = stagedDirectory(ports.workDirectory);
  let ahead: StageAhead | null = null;
  const spool = async () => {
    await ahead?.end();
    ahead = first || spec.filter ? null : createStageAhead(duck, { usedOf, options, directory });
    const take = ahead?.take;
    return ports.source.spool(
      spec.model.query,
      path,
      on.read,
      take &&
        ((part) => {
          // Only a long result has parts. What fails here fails again below.
          duck.widen().catch(() => undefined);
          take(part);
        }),
    );
  };
  const staged = (): Promise<StagedAhead | null> => ahead?.end() ?? Promise.resolve(null);
  // Whatever becomes of the result, nothing is at work on its files afterwards.
  const result = await whenReachable(spool, ports, on).finally(staged);
  if (isMuch({ size: result.rows + ledger.rows, bytes: result.bytes })) await duck.widen();
  await on.complete({ ...result, differing: null });
  const used = usedOf(result.columns);
  const spooled = { ...result, path };
  const removeSpool = async (): Promise<void> => {
    for (const file of filesOf(spooled)) await rm(file, { force: true });
  };
  if (first) {
    const { configuration } = spec;
    const plan = await planFirst(duck, spooled, { used, configuration, workDirectory: ports.workDirectory });
    if (plan) {
      await removeSpool();
      return { ...plan, columns: result.columns, keyExamples: [] };
    }
  }
  const rows = await stageRows(duck, spooled, used, ports.workDirectory, {
    ...options,
    unchecked: meetsLedger(spec, ledger, used, options.matchColumn),
    ahead: await staged(),
  });
  const plan = await planChanges(duck, {
    staged: rows,
    used,
    ledger,
    configuration: spec.configuration,
    resync: spec.resync,
    workDirectory: ports.workDirectory,
  });
  await removeSpool();
  return { ...plan, columns: result.columns, keyExamples: await examplesOfDuplicates(duck) };
}

/** Whether every row is compared with the ledger by its key alone, which shows keys that occur more than once. */
const meetsLedger = (
  spec: Parameters<typeof makePlan>[1],
  ledger: OpenLedger,
  used: UsedColumns,
  matchColumn: string | null,
): boolean =>
  ledger.key !== null &&
  !spec.filter &&
  ['none', 'from_now', 'backfill'].includes(spec.resync) &&
  !used.values.some(({ column }) => column.name === matchColumn);
