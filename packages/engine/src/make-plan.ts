import { join } from 'node:path';
import type { SpooledResult } from '@sluice/connectors/kit/source';
import type { ResyncKind } from '@sluice/domain/sync';
import type { Duck } from './duck.ts';
import { type PlannedFile, planChanges } from './plan-changes.ts';
import type { DraftSpecification, EnginePorts } from './run.ts';
import { stageRows } from './stage-rows.ts';
import { usedColumns } from './used-columns.ts';

export interface MadePlan extends PlannedFile {
  readonly columns: SpooledResult['columns'];
  readonly keyExamples: string[];
}

/**
 * Reads the whole model and compares it with the ledger. Nothing is planned from a result that is not complete.
 * Throws the source's errors, `model_*`, `ledger_missing` and `storage_full`.
 */
export async function makePlan(
  duck: Duck,
  spec: DraftSpecification & { readonly resync: ResyncKind },
  ports: EnginePorts,
  on: { read(rows: number): void; complete(result: SpooledResult): Promise<void> },
): Promise<MadePlan> {
  const path = join(ports.workDirectory, 'spool.csv');
  const result = await ports.source.spool(spec.model.query, path, on.read);
  await on.complete(result);
  const used = usedColumns(result.columns, spec.model.primaryKey, spec.configuration, ports.destination);
  const staged = await stageRows(duck, { ...result, path }, used, ports.workDirectory);
  const file = spec.ledgerKey === null ? null : await ports.blobs.read(spec.ledgerKey);
  try {
    const plan = await planChanges(duck, {
      staged,
      used,
      ledger: file && spec.ledgerKey !== null ? { key: spec.ledgerKey, path: file.path } : null,
      configuration: spec.configuration,
      resync: spec.resync,
      workDirectory: ports.workDirectory,
    });
    return { ...plan, columns: result.columns, keyExamples: staged.keyExamples };
  } finally {
    await file?.release();
  }
}
