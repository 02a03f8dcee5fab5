import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import { z } from 'zod';
import type { ConnectContext } from '../../../kit/context.ts';
import { duckText, inDuckSession } from '../../../kit/duck/session.ts';
import { spoolStatement } from '../../../kit/duck/spool-statement.ts';
import { connectPg, type PgSession } from '../../../kit/pg-connection.ts';
import type { PgSettings } from '../../../kit/pg-settings.ts';
import type { SpooledResult } from '../../../kit/source.ts';
import { openSpoolWriter } from '../../../kit/sql/spool-writer.ts';
import { emptyFolder, getObject } from '../../../kit/stored-files/bucket.ts';
import { makeFolder } from '../../../kit/stored-files/stored-files.ts';
import { queryFailure } from '../../postgresql/query-failure.ts';
import type { UnloadSettings } from '../settings.ts';
import { quotedStatement, unloadSelect } from './select-list.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html (read 2026-11-22), under MANIFEST VERBOSE. */
const Manifest = z.object({
  entries: z.array(
    z.object({
      url: z.string(),
      meta: z.object({ content_length: z.number(), record_count: z.number().optional() }),
    }),
  ),
  meta: z.object({ content_length: z.number(), record_count: z.number() }),
});

/** Longest wait for what is left in the bucket to be removed. */
const tidyMs = 30_000;

/**
 * Has all nodes write a result into the bucket, reads it from there into `path`, and removes it from the bucket whatever
 * happens. `null` where the statement or a type cannot go that way. The statement must have been found to read only: UNLOAD takes
 * nothing else, but whether it may run in a transaction that only reads, Amazon does not say, so it has a session of its own.
 * Throws `source_permission`, `source_ended_early` when less arrives than was written, and what the session and the bucket throw.
 */
export async function unload(
  { bucket, role }: UnloadSettings,
  settings: PgSettings,
  context: ConnectContext,
  result: {
    readonly statement: string;
    readonly columns: readonly Column[];
    readonly path: string;
    onProgress(rows: number): void;
    /** Whether what cannot be removed from the bucket is a failure; otherwise the rule of the bucket that the page tells of removes it. */
    readonly mustTidy?: boolean;
  },
): Promise<SpooledResult | null> {
  const select = unloadSelect(result.statement, result.columns);
  const quoted = select && quotedStatement(select.unloaded);
  if (!select || !quoted) return null;
  const prefix = `${bucket.prefix}${randomUUID()}/`;
  const tidy = () => emptyFolder(bucket, prefix, { ...context, signal: AbortSignal.timeout(tidyMs) });
  const folder = await makeFolder();
  try {
    const authorisation = role === 'default' ? 'default' : `'${role}'`;
    await run(
      settings,
      context,
      `UNLOAD (${quoted}) TO 's3://${bucket.name}/${prefix}' IAM_ROLE ${authorisation}
       FORMAT AS PARQUET MANIFEST VERBOSE MAXFILESIZE AS 256 MB REGION AS '${bucket.region}'`,
      `arn:aws:s3:::${bucket.name}/${bucket.prefix}*`,
    );
    const { entries, meta } = Manifest.parse(
      JSON.parse(await readFile(await getObject(bucket, `${prefix}manifest`, folder.path, context), 'utf8')),
    );
    const start = `s3://${bucket.name}/`;
    const files: string[] = [];
    for (const { url, meta: one } of entries) {
      if (!url.startsWith(`${start}${prefix}`)) throw new Error('a part lies somewhere else');
      if (one.record_count === 0) continue;
      files.push(await getObject(bucket, url.slice(start.length), folder.path, context));
      result.onProgress(0);
    }
    const written = await spoolFiles(files, select.read, result, context);
    if (written.rows !== meta.record_count) {
      throw new SluiceError(
        'source_ended_early',
        `Redshift wrote ${meta.record_count} rows into the bucket, and ${written.rows} of them were read.`,
      );
    }
    if (result.mustTidy) await tidy();
    return { ...written, columns: [...result.columns] };
  } finally {
    await folder.remove();
    // Also when the run was cancelled.
    await tidy().catch(() => 0);
  }
}

async function run(
  settings: PgSettings,
  context: ConnectContext,
  statement: string,
  objects: string,
): Promise<void> {
  const session: PgSession = await connectPg(settings, context, 'source');
  try {
    await session.run("SET timezone TO 'UTC'");
    await session.queryText(statement);
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : '';
    if (/S3ServiceException|AccessDenied|not authorized to (assume|get credentials)/i.test(words)) {
      throw new SluiceError(
        'source_permission',
        `Redshift could not write into the bucket. ${words.slice(0, 500)}`,
        {
          fix: `Attach the role to the database, and allow it s3:PutObject on ${objects} and s3:ListBucket and s3:GetBucketLocation on the bucket.`,
          cause: thrown,
        },
      );
    }
    throw queryFailure(thrown, null) ?? thrown;
  } finally {
    await session.end();
  }
}

/** A result without rows may have no files. */
async function spoolFiles(
  files: readonly string[],
  read: (files: string) => string,
  { path, onProgress }: { readonly path: string; onProgress(rows: number): void },
  context: ConnectContext,
): Promise<SpooledResult> {
  if (files.length === 0) {
    const writer = await openSpoolWriter(path);
    try {
      return { columns: [], ...(await writer.finish()) };
    } finally {
      await writer.close();
    }
  }
  const place = { file: null, schema: 'main', setUp: [], readable: files, release: async () => {} };
  return inDuckSession(
    async () => place,
    context,
    { totalMs: null, output: path },
    (session) => spoolStatement(session, read(`[${files.map(duckText).join(', ')}]`), path, onProgress),
  );
}
