import { noRunCounts, type RunCounts } from '@sluice/domain/change';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf } from '@sluice/domain/sync-mode';
import type { Duck } from '../duck.ts';
import type { PlanMetadata } from '../ledger/file-metadata.ts';
import { columnList, literal } from '../sql.ts';
import { bytesSql, planFileOptions } from './plan-file.ts';
import { countRows, type StagedRows } from './stage-rows.ts';
import { twinSql } from './twins.ts';

/**
 * Writes the plan of a sync that nothing is known of: all usable rows are of one class, in the order in which the model
 * is read. Positions come from a sequence, because sorting whole rows would cost more than all the rest.
 */
export async function planAllAlike(
  duck: Duck,
  input: {
    readonly staged: Omit<StagedRows, 'relation' | 'remove' | 'fingerprintedBefore'>;
    readonly className: 'added' | 'unchanged';
    readonly configuration: SyncConfiguration;
    readonly matchIndex: number;
    readonly path: string;
    readonly metadata: PlanMetadata;
    /** No key is missing and no value occurs twice, or that is found out afterwards. */
    readonly unchecked?: boolean;
  },
): Promise<RunCounts> {
  const { staged, className, configuration, matchIndex, metadata, unchecked = false } = input;
  const sends = operationsOf(configuration).added !== null;
  const sent = className === 'added' && sends;
  const values = metadata.values.map((_, index) => `p.v${index}`);
  await duck.run('CREATE OR REPLACE TEMP SEQUENCE position');
  const rows = await duck.run(`
    COPY (
      SELECT nextval('position')::INTEGER AS seq, p.class, ${sent} AS sent, false AS held, p.key, p.fp, false AS known,
        NULL::BLOB AS old_fp, NULL::VARCHAR AS old_doubt
        ${columnList(metadata.values.length, (index) => `p.v${index}`)}, ${bytesSql(values)} AS bytes
        ${matchIndex < 0 ? '' : `, ${unchecked ? 'NULL::VARCHAR' : twinSql(configuration)} AS twin`}${staged.cut ? ', p.oversize' : ''}
      FROM (SELECT *, '${className}' AS class FROM ${staged.whole()}) p
      ${matchIndex < 0 || unchecked ? '' : `LEFT JOIN twins t ON t.value = p.v${matchIndex}`}
      WHERE ${unchecked ? 'true' : `p.key <> '' AND p.key NOT IN (SELECT key FROM duplicates)`} ${staged.filtered ? 'AND p.wanted' : ''}
        ${staged.cut && !sent ? 'AND p.oversize IS NULL' : ''}
    ) TO ${literal(input.path)} (${planFileOptions(metadata)})`);
  const counts = noRunCounts();
  if (className === 'added') {
    counts.planned.added = rows;
    if (!sends) counts.skipped.added = rows;
  }
  return { ...counts, ...countRows(staged, counts.planned) };
}
