/** The one table that a sync has in the planner's schema, and those that hold what is being uploaded for it. */
export const mirrorName = (syncId: number): string => `mirror_${Math.trunc(syncId)}`;

/** A new one each time: two workers may write at once. It says when it was made, in seconds. */
export const uploadName = (syncId: number, nowMs: number): string =>
  `upload_${Math.trunc(syncId)}_${Math.floor(nowMs / 1_000)}_${crypto.randomUUID().slice(0, 8)}`;

/** Uploads of this age are what a crash has left: no upload takes as long. */
const leftAfterMs = 24 * 60 * 60 * 1_000;

export interface PlannedTable {
  readonly name: string;
  readonly syncId: number;
  readonly kind: 'mirror' | 'upload';
  /** Nobody is writing it any more. */
  readonly left: boolean;
}

/** A table of a sync, whatever case the server shows names in; `null` for tables that are not ours. */
export function plannedTable(name: string, nowMs: number): PlannedTable | null {
  const [, sync, seconds] =
    /^(?:mirror_(?=\d+$)|upload_(?=\d+_\d+_[0-9a-f]{8}$))(\d+)(?:_(\d+)_.*)?$/i.exec(name) ?? [];
  if (sync === undefined) return null;
  const kind = seconds === undefined ? 'mirror' : 'upload';
  return { name, syncId: Number(sync), kind, left: nowMs - Number(seconds) * 1_000 > leftAfterMs };
}

/**
 * Columns of these tables. `part` says what a row is: `key` is a key of the ledger, `seen` a print that counts once the ledger
 * has its fingerprint, `state` says which ledger this is. `id` and `match_id` are SHA-256 of key and match value, so that
 * servers compare them byte by byte, whatever their collations hold to be equal.
 */
export const mirrorColumns = ['part', 'id', 'row_key', 'print', 'match_id', 'fingerprint'] as const;
