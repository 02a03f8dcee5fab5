import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { RunSelection } from '@sluice/domain/run-selection';
import type { Duck } from '../duck.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import type { PastRun } from '../ports.ts';
import type { DraftSpecification, EnginePorts } from '../run.ts';
import type { AskedRows } from './asked-rows.ts';
import type { MadePlan } from './make-plan.ts';
import { openPastRows } from './past-rows.ts';
import { askDoubts, askReplay } from './plan-replay.ts';
import { askRevert } from './plan-revert.ts';
import { usedColumns } from './used-columns.ts';
import { writeAskedPlan } from './write-asked-plan.ts';

/** Rows of an earlier run, or rows in doubt: what a replay or a revert is about. */
export type AskedSelection = Exclude<RunSelection, { type: 'filter' }>;

/**
 * Plans a replay or a revert without reading the model: from the plan of an earlier run, or from the ledger's rows in
 * doubt. Throws `run_not_replayable` when the sync has changed so much that those rows make no sense any more,
 * `plan_missing`, `ledger_missing`, `input_invalid`.
 */
export async function planAsked(
  duck: Duck,
  spec: DraftSpecification,
  selection: AskedSelection,
  ports: Pick<EnginePorts, 'blobs' | 'destination' | 'workDirectory'> & {
    readonly past?: PastRun | undefined;
  },
): Promise<MadePlan> {
  const ledger = await openLedger(duck, ports.blobs, spec.ledgerKey);
  const file = ports.past ? await ports.blobs.read(ports.past.plan.blobKey) : null;
  try {
    const asked = await ask();
    const made = await writeAskedPlan(duck, asked, ledger, spec.configuration, ports.workDirectory);
    if (made.size > 0) assertUsable(spec, asked, ports.destination);
    return made;
  } finally {
    await file?.release();
    await ledger.release();
    await rm(join(ports.workDirectory, 'asked.parquet'), { force: true });
  }

  async function ask(): Promise<AskedRows> {
    if (selection.type === 'doubts') {
      const primaryKey: Column = { name: spec.model.primaryKey, type: 'string', nativeType: 'text' };
      return askDoubts(duck, selection.keys, ledger, primaryKey);
    }
    if (!ports.past || !file) throw new SluiceError('internal', 'The run to replay was not given.');
    const past = await openPastRows(duck, ports.past, file.path);
    return selection.type === 'rows'
      ? askReplay(duck, selection, ports.past, past, ledger)
      : askRevert(selection, past, ledger);
  }
}

/** The sync of today must find all it needs in rows of then. */
function assertUsable(
  { model, configuration }: DraftSpecification,
  asked: AskedRows,
  destination: EnginePorts['destination'],
): void {
  if (asked.primaryKey.name !== model.primaryKey) {
    throw new SluiceError('run_not_replayable', 'The model has had another primary key since that run.');
  }
  try {
    usedColumns([asked.primaryKey, ...asked.values], model.primaryKey, configuration, destination);
  } catch (cause) {
    if (!(cause instanceof SluiceError) || cause.code !== 'model_column_missing') throw cause;
    const { missing = [] } = (cause.details ?? {}) as { missing?: string[] };
    const names = missing.map((name) => `"${name}"`).join(', ');
    throw new SluiceError(
      'run_not_replayable',
      `The sync now uses ${names}, which was not kept of those rows.`,
      { cause },
    );
  }
}
