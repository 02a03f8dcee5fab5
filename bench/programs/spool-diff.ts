// The limit of a comparison: COPY into a file, and DuckDB with both cores and all the memory that it wants.
import { rm } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { columns } from '../people.ts';
import { copyOut } from './copy-out.ts';
import { measure } from './measure.ts';

interface Input {
  readonly databaseUrl: string;
  readonly directory: string;
  /** Writes this file as a ledger instead of comparing with it. */
  readonly makes?: string;
  readonly ledger?: string;
}

await measure(async ({ databaseUrl, directory, makes, ledger }: Input) => {
  const spool = `${directory}/limit.csv`;
  await copyOut(databaseUrl, spool);
  const duck = await DuckDBInstance.create(':memory:', { threads: '2', preserve_insertion_order: 'false' });
  const connection = await duck.connect();
  const names = columns.map((name) => `'${name}': 'VARCHAR'`).join(', ');
  const staged = `SELECT id AS key, md5(concat_ws('|', ${columns.join(', ')})) AS fp
    FROM read_csv('${spool}', auto_detect=false, header=false, columns={${names}})`;
  if (makes) await connection.run(`COPY (${staged}) TO '${makes}' (FORMAT parquet)`);
  else
    await connection.runAndReadAll(`
      SELECT count(*) FILTER (l.key IS NULL), count(*) FILTER (m.key IS NULL), count(*) FILTER (m.fp <> l.fp)
      FROM (${staged}) m FULL JOIN ${ledger ? `read_parquet('${ledger}')` : `(SELECT '' AS key, '' AS fp WHERE false)`} l
        ON l.key = m.key`);
  await rm(spool);
  return undefined;
});
process.exit(0);
