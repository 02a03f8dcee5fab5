import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResyncKind } from '@sluice/domain/sync';
import type { SeqRange } from '../deliver/seq-ranges.ts';
import type { OpenPlan } from '../plan/open-plan.ts';
import { fingerprintedNames } from '../plan/plan-changes.ts';
import type { BlobStore, StoredLedger } from '../ports.ts';
import { literal } from '../sql.ts';
import { planBaseSuffix } from './base-file.ts';
import { type LedgerManifest, writeManifest } from './manifest.ts';
import { type OpenLedger, openLedger } from './open-ledger.ts';
import { writeBase, writeDelta } from './write-ledger-file.ts';

/** More deltas than this make every comparison slower than a new base once. */
const deltasMax = 8;
/** Rows in deltas, as a share of the base, from which on a new base is written; so few are never worth one. */
const deltaShareMax = 0.25;
const deltaRowsFree = 100;

/**
 * Stores the ledger that follows from the old one, the plan and what became of its rows (settled ranges and the table
 * `exceptions`): the rows that have moved as one more delta, or all rows as a new base. Answers the blob key of its
 * manifest, which counts once the run's record names it; `name` begins the keys of all that is written.
 */
export async function commitLedger(
  plan: Omit<OpenPlan, 'counts'>,
  input: {
    readonly blobs: BlobStore;
    readonly name: string;
    readonly settled: readonly SeqRange[];
    readonly resync: ResyncKind;
    readonly workDirectory: string;
  },
): Promise<StoredLedger> {
  const { blobs, workDirectory } = input;
  const { metadata, duck } = plan;
  const kept = metadata.kept.flatMap((position) => metadata.values[position] ?? []);
  const old = await openLedger(duck, blobs, metadata.ledgerKey);
  try {
    const path = join(workDirectory, 'ledger.parquet');
    // A name of its own for each attempt: a worker that lost the run cannot overwrite what counts.
    const name = `${input.name}-${randomUUID()}`;
    const written = { plan, old, kept, settled: input.settled, resync: input.resync, path };
    const description = {
      version: 2,
      primaryKey: metadata.primaryKey.name,
      fingerprinted: fingerprintedNames(metadata),
      kept,
    } as const;
    let manifest: LedgerManifest;
    if (mayGrow(plan, old, kept, input.resync)) {
      const { added, gone, doubts } = await writeDelta(written);
      const file = `${name}.delta.parquet`;
      await blobs.put(file, path);
      const [base = file, ...deltas] = old.files.map(({ key }) => key);
      manifest = {
        ...description,
        base,
        deltas: [...deltas, file],
        rows: old.rows + added - gone,
        doubts: old.doubts + doubts,
      };
    } else {
      const same = await saysTheSame(plan, input.settled);
      if (same) await copyFile(plan.path, path, constants.COPYFILE_FICLONE);
      const { rows, doubts } = same ? { rows: plan.size, doubts: 0 } : await writeBase(written);
      const file = `${name}${same ? planBaseSuffix : '.base.parquet'}`;
      await blobs.put(file, path);
      manifest = { ...description, base: file, deltas: [], rows, doubts };
    }
    const manifestPath = join(workDirectory, 'ledger.json');
    await writeManifest(manifestPath, manifest);
    const blobKey = `${name}.json`;
    await blobs.put(blobKey, manifestPath);
    return { blobKey, rows: manifest.rows, doubts: manifest.doubts ?? 0 };
  } finally {
    await old.release();
  }
}

/** Whether the plan is of a first run that delivered all its rows, and so holds what the ledger will. */
async function saysTheSame(
  { metadata, duck, size, path }: Omit<OpenPlan, 'counts'>,
  settled: readonly SeqRange[],
): Promise<boolean> {
  const { ledgerKey, kept, values } = metadata;
  if (ledgerKey !== null || size === 0 || kept.length !== values.length) return false;
  if (kept.some((position, index) => position !== index)) return false;
  if (settled.length !== 1 || settled[0]?.from !== 1 || settled[0].to !== size) return false;
  const [others] = await duck.rows(`
    SELECT (SELECT count(*) FROM exceptions)::INTEGER,
      (SELECT count(*) FROM read_parquet(${literal(path)}) WHERE class <> 'added' OR NOT sent)::INTEGER`);
  return others?.[0] === 0 && others[1] === 0;
}

/** Whether a delta can say what the run did, and is worth it. */
function mayGrow(
  plan: Omit<OpenPlan, 'counts'>,
  old: OpenLedger,
  kept: OpenLedger['kept'],
  resync: ResyncKind,
): boolean {
  const { files } = old;
  if (files.length === 0 || resync !== 'none' || plan.metadata.carriesUnchanged) return false;
  if (JSON.stringify(old.kept) !== JSON.stringify(kept)) return false;
  const [base, ...deltas] = files.map(({ rows }) => rows);
  const moved = deltas.reduce((sum, rows) => sum + rows, plan.size);
  return deltas.length < deltasMax && moved <= Math.max(deltaRowsFree, deltaShareMax * (base ?? 0));
}
