import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MirrorState, SourcePlanner } from '@sluice/connectors/kit/planner';
import type { Duck } from '../../duck.ts';
import { matchSql } from './advance-mirror.ts';
import { fingerprintText, mirrorFile } from './mirror-file.ts';
import type { StagedDifferences } from './stage-differences.ts';

/**
 * Tells the planner the prints of the rows that travelled, so that they need not travel again: those of rows that turned
 * out to be as the ledger says count at once, the others when the ledger says that they have arrived. Where there was no
 * mirror, writes one.
 */
export async function keepPrints(
  duck: Duck,
  input: {
    readonly planner: SourcePlanner;
    readonly syncId: number;
    readonly wanted: MirrorState;
    readonly differences: StagedDifferences;
    readonly mirrored: boolean;
    readonly workDirectory: string;
  },
): Promise<void> {
  const { planner, syncId, wanted } = input;
  const { staged, ledger } = input.differences;
  const model = `(SELECT key, fp, print FROM ${staged.relation}
    WHERE print IS NOT NULL AND key <> '' AND key NOT IN (SELECT key FROM duplicates))`;
  const known = `l.doubt = 'none' AND l.fp IS NOT DISTINCT FROM m.fp`;
  const path = join(input.workDirectory, 'prints.csv');
  try {
    if (!input.mirrored) {
      await duck.run(`
        COPY (
          SELECT l.key, CASE WHEN ${known} THEN m.print END AS print, l.match
          FROM (SELECT key, fp, doubt, ${matchSql(ledger, wanted)} AS match FROM ${ledger.relation}) l
          LEFT JOIN ${model} m ON m.key = l.key
        ) ${mirrorFile(path, ['key', 'print', 'match'])}`);
      await planner.replace(syncId, wanted, path);
    }
    const travelled = await duck.run(`
      COPY (
        SELECT m.key, ${fingerprintText('m.fp')} AS fingerprint, m.print, coalesce(${known}, false) AS known
        FROM ${model} m LEFT JOIN (SELECT key, fp, doubt FROM ${ledger.relation}) l ON l.key = m.key
        WHERE ${input.mirrored ? 'true' : `NOT coalesce(${known}, false)`}
      ) ${mirrorFile(path, ['key'])}`);
    if (travelled > 0) await planner.remember(syncId, wanted, path);
  } finally {
    await rm(path, { force: true });
  }
}
