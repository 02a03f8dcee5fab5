import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpooledResult } from '@sluice/connectors/kit/source';
import type { SluiceError } from '@sluice/domain/error';
import type { RowFilter } from '@sluice/domain/row-filter';
import type { ResyncKind } from '@sluice/domain/sync';
import type { Duck } from '../duck.ts';
import { type OpenLedger, openLedger } from '../ledger/open-ledger.ts';
import type { DraftSpecification, EnginePorts } from '../run.ts';
import { type PlannedFile, planChanges } from './plan-changes.ts';
import { filesOf } from './spool-file.ts';
import { stageRows } from './stage-rows.ts';
import { usedColumns } from './used-columns.ts';
import { planInWarehouse } from './warehouse/plan-in-warehouse.ts';
import { whenReachable } from './when-reachable.ts';

/** What is told while a plan is made. */
export interface PlanProgress {
  read(rows: number): void;
  /** The source compares by itself; it does not say how far it is. */
  comparing(): void;
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
  const spool = () => ports.source.spool(spec.model.query, path, on.read);
  const result = await whenReachable(spool, ports, on);
  await on.complete({ ...result, differing: null });
  const used = usedColumns(result.columns, spec.model.primaryKey, spec.configuration, ports.destination);
  const staged = await stageRows(duck, { ...result, path }, used, ports.workDirectory, {
    before: ledger.fingerprinted,
    filter: spec.filter ?? null,
    matchColumn: spec.configuration.matchKey?.from ?? null,
  });
  const plan = await planChanges(duck, {
    staged,
    used,
    ledger,
    configuration: spec.configuration,
    resync: spec.resync,
    workDirectory: ports.workDirectory,
  });
  for (const file of filesOf({ ...result, path })) await rm(file, { force: true });
  return { ...plan, columns: result.columns, keyExamples: staged.keyExamples };
}
