import type { SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf, ownsRecord } from '@sluice/domain/sync-mode';
import type { Duck } from '../duck.ts';

/** Fills the table `twins` with the match values that several rows of the model have, and two of their keys. */
export async function findTwins(duck: Duck, model: string, matchIndex: number): Promise<void> {
  await duck.run(`
    CREATE OR REPLACE TEMP TABLE twins AS
    SELECT v${matchIndex} AS value, min(key) AS low, max(key) AS high FROM ${model}
    WHERE v${matchIndex} IS NOT NULL AND key <> '' AND key NOT IN (SELECT key FROM duplicates)
    GROUP BY value HAVING count(*) > 1`);
}

/** Only where two rows would write one record: a new one, an event or a member takes nothing from another row. */
export function twinSql(configuration: SyncConfiguration): string {
  const operations = operationsOf(configuration);
  const finding = (['added', 'changed'] as const).filter((name) => {
    const operation = operations[name];
    return operation !== null && ownsRecord(operation);
  });
  const classes = finding.map((name) => `'${name}'`).join(', ') || 'NULL';
  return `CASE WHEN p.class IN (${classes}) THEN CASE t.low WHEN p.key THEN t.high ELSE t.low END END`;
}
