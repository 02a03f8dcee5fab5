import { SluiceError } from '@sluice/domain/error';
import type { BlobStore, LocalFile } from '../ports.ts';
import { columnList, literal } from '../sql.ts';
import { baseSql } from './base-file.ts';
import type { OpenLedger } from './open-ledger.ts';

/** How a ledger differs from what it was when it consisted of other files. */
export interface MovedKeys {
  /** SQL of the keys that have moved: `key`; `fp`, `doubt` and `k0…` as they are now; `gone`. */
  readonly relation: string;
  /** Frees temporary copies; the relation is over then. */
  release(): Promise<void>;
}

/**
 * What has moved since the ledger consisted of `files`. Where they are the beginning of its own, that is what the
 * later deltas say; otherwise, after a new base was written, the two are compared as long as the old files exist.
 * `null`: they are gone. Throws what the blob store throws otherwise.
 */
export async function movedSince(
  blobs: Pick<BlobStore, 'read'>,
  ledger: OpenLedger,
  files: readonly string[],
): Promise<MovedKeys | null> {
  if (files.length === 0) return null;
  const columns = `key, fp, doubt${columnList(ledger.kept.length, (index) => `k${index}`)}`;
  if (files.every((file, index) => ledger.files[index]?.key === file)) {
    const later = ledger.files.slice(files.length).map(({ path }) => path);
    return { relation: `(${lastOf(later, `${columns}, gone`)})`, release: async () => undefined };
  }
  const local: LocalFile[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(local.splice(0).map((file) => file.release()));
  };
  try {
    for (const file of files) local.push(await blobs.read(file));
  } catch (thrown) {
    await release();
    if (thrown instanceof SluiceError && thrown.code === 'ledger_missing') return null;
    throw thrown;
  }
  const [base = '', ...deltas] = local.map(({ path }) => path);
  const before = `SELECT key, fp, doubt FROM ${baseSql({ key: files[0] ?? '', path: base }, 0)}`;
  const old =
    deltas.length === 0
      ? before
      : `WITH last AS (${lastOf(deltas, 'key, fp, doubt, gone')})
         ${before} ANTI JOIN last USING (key) UNION ALL SELECT key, fp, doubt FROM last WHERE NOT gone`;
  const now = columnList(ledger.kept.length, (index) => `now.k${index}`);
  const relation = `(
    SELECT coalesce(now.key, old.key) AS key, now.fp, now.doubt${now}, now.key IS NULL AS gone
    FROM ${ledger.relation} now FULL JOIN (${old}) old ON old.key = now.key
    WHERE now.key IS NULL OR old.key IS NULL OR now.fp IS DISTINCT FROM old.fp OR now.doubt <> old.doubt)`;
  return { relation, release };
}

const parquet = (path: string): string => `read_parquet(${literal(path)})`;

/** What deltas say together: the last of them has the word about a key. */
function lastOf(deltas: readonly string[], columns: string): string {
  const each = deltas.map((path, place) => `SELECT ${columns}, ${place} AS place FROM ${parquet(path)}`);
  return `SELECT ${columns} FROM (${each.join(' UNION ALL ')})
    QUALIFY row_number() OVER (PARTITION BY key ORDER BY place DESC) = 1`;
}
