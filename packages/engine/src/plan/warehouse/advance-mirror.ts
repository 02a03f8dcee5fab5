import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { MirrorState, SourcePlanner } from '@sluice/connectors/kit/planner';
import type { Duck } from '../../duck.ts';
import { movedSince } from '../../ledger/moved-since.ts';
import type { OpenLedger } from '../../ledger/open-ledger.ts';
import type { BlobStore } from '../../ports.ts';
import { fingerprintText, mirrorFile } from './mirror-file.ts';

/**
 * Brings the mirror of a sync to where the ledger is, by the keys that have moved since. Answers whether it is there now;
 * otherwise it has to be written anew.
 */
export async function advanceMirror(
  duck: Duck,
  input: {
    readonly planner: SourcePlanner;
    readonly blobs: Pick<BlobStore, 'read'>;
    readonly syncId: number;
    readonly ledger: OpenLedger;
    readonly wanted: MirrorState;
    readonly workDirectory: string;
  },
): Promise<boolean> {
  const { planner, syncId, ledger, wanted } = input;
  const found = await planner.mirror(syncId);
  if (!found || found.matchColumn !== wanted.matchColumn) return false;
  if (isDeepStrictEqual(found, wanted)) return true;
  const moved = await movedSince(input.blobs, ledger, found.files);
  if (!moved) return false;
  const path = join(input.workDirectory, 'moved.csv');
  try {
    await duck.run(`
      COPY (
        SELECT key, CASE WHEN doubt = 'none' THEN ${fingerprintText('fp')} END AS fingerprint,
          ${matchSql(ledger, wanted)} AS match, gone
        FROM ${moved.relation}
      ) ${mirrorFile(path, ['key', 'match'])}`);
    return await planner.advance(syncId, found, wanted, path);
  } finally {
    await moved.release();
    await rm(path, { force: true });
  }
}

/** SQL of a ledger row's match value, as a mirror keeps it. */
export function matchSql(ledger: OpenLedger, { matchColumn }: MirrorState): string {
  const index = ledger.kept.findIndex(({ name }) => name === matchColumn);
  return index < 0 ? 'NULL::VARCHAR' : `k${index}`;
}
