import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Bucket } from '../../s3/bucket.ts';
import { openDuckDatabase } from '../duck-database.ts';

/** What goes wrong with an UNLOAD. */
export interface UnloadFaults {
  /** The role may not write into the bucket. */
  denied: boolean;
  /** The last part is missing, although the manifest counts its rows. */
  losePart: boolean;
}

export interface UnloadPlace {
  readonly buckets: ReadonlyMap<string, Bucket>;
  /** ARN of the role that is attached. */
  readonly role: string;
  readonly faults: UnloadFaults;
}

/** Rows of one part: as if the cluster had many slices. */
const partRows = 1_000;

/** By the number of the type on PostgreSQL's wire. */
const duckTypes: Readonly<Record<number, string>> = {
  16: 'BOOLEAN',
  20: 'BIGINT',
  21: 'SMALLINT',
  23: 'INTEGER',
  700: 'FLOAT',
  701: 'DOUBLE',
  1082: 'DATE',
  1114: 'TIMESTAMP',
};

/**
 * Does what UNLOAD … FORMAT PARQUET MANIFEST VERBOSE does: runs the statement as the user who asks, and writes parts and manifest
 * into the bucket. https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html (read 2026-11-22)
 */
export async function runUnload(
  statement: string,
  connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
  },
  { buckets, role, faults }: UnloadPlace,
): Promise<number> {
  const found =
    /^UNLOAD \((?:'((?:[^'\\]|'')*)'|\$\$([\s\S]*?)\$\$)\) TO 's3:\/\/([^/']+)\/([^']+)' IAM_ROLE (?:'([^']+)'|(default))\s+FORMAT AS PARQUET MANIFEST VERBOSE MAXFILESIZE AS 256 MB REGION AS '([a-z0-9-]+)'$/.exec(
      statement,
    );
  if (!found) throw Object.assign(new Error('syntax error at or near "UNLOAD"'), { code: '42601' });
  const [, single, dollars, name = '', prefix = '', arn] = found;
  if (arn !== undefined && arn !== role)
    throw new Error(`User arn:aws:redshift:dbuser is not authorized to assume IAM Role ${arn}`);
  const bucket = buckets.get(name);
  if (!bucket || faults.denied)
    throw new Error(
      'S3ServiceException:Access Denied,Status 403,Error AccessDenied,Rid 1,ExtRid 2,CanRetry 1',
    );
  if ([...bucket.objects.keys()].some((key) => key.startsWith(prefix)))
    throw new Error('Specified unload destination on S3 is not empty. Consider using ALLOWOVERWRITE.');
  const select = single?.replaceAll("''", "'") ?? dollars ?? '';
  if (/\blimit\s+\d+\s*$/i.test(select))
    throw Object.assign(new Error('Limit clause is not supported'), { code: '0A000' });
  const client = new Client(connection);
  await client.connect();
  const { fields, rows } = await client
    .query<(string | null)[]>({ text: select, rowMode: 'array', types: { getTypeParser: () => String } })
    .finally(() => client.end());
  const types = fields.map(({ dataTypeID, dataTypeModifier: size }) =>
    dataTypeID === 1700
      ? `DECIMAL(${(size - 4) >> 16},${(size - 4) & 0xffff})`
      : (duckTypes[dataTypeID] ?? 'VARCHAR'),
  );
  const put = (key: string, bytes: Buffer) => {
    bucket.put(key, bytes, {});
    return { url: `s3://${name}/${key}`, meta: { content_length: bytes.length } };
  };
  const entries = [];
  for (let from = 0; from < rows.length; from += partRows) {
    const part = rows.slice(from, from + partRows);
    const number = String(entries.length).padStart(4, '0');
    const entry = put(
      `${prefix}${number}_part_00.parquet`,
      await parquetOf(
        part,
        fields.map((field) => field.name),
        types,
      ),
    );
    entries.push({ ...entry, meta: { ...entry.meta, record_count: part.length } });
  }
  if (faults.losePart) entries.pop();
  const length = entries.reduce((sum, { meta }) => sum + meta.content_length, 0);
  const manifest = {
    entries,
    meta: { content_length: length, record_count: rows.length },
    author: { name: 'Amazon Redshift', version: '1.0.0' },
  };
  put(`${prefix}manifest`, Buffer.from(JSON.stringify(manifest)));
  return rows.length;
}

async function parquetOf(
  rows: readonly (readonly (string | null)[])[],
  names: readonly string[],
  types: readonly string[],
): Promise<Buffer> {
  const database = await openDuckDatabase();
  const path = join(tmpdir(), `sluice-part-${crypto.randomUUID()}.parquet`);
  try {
    await database.rows(
      `CREATE TABLE part (${names.map((name, index) => `"${name}" ${types[index]}`).join(', ')})`,
    );
    const said = (cell: string | null) => (cell === null ? 'NULL' : `'${cell.replaceAll("'", "''")}'`);
    await database.rows(
      `INSERT INTO part VALUES ${rows.map((row) => `(${row.map(said).join(', ')})`).join(', ')}`,
    );
    await database.rows(`COPY part TO '${path}' (FORMAT parquet)`);
    return readFileSync(path);
  } finally {
    database.close();
    rmSync(path, { force: true });
  }
}
