import type { Column } from '@sluice/domain/column';
import type { Duck } from '../duck.ts';
import { literal } from '../sql.ts';

/** What a ledger of one file says about itself: those that were written before there were manifests. */
export interface LedgerMetadata {
  readonly version: 1;
  readonly fingerprinted: readonly string[];
  readonly kept: readonly Column[];
}

/**
 * What a plan file says about itself. Its columns: `seq`; `class`; `sent` (false: counted, but the mode does not send
 * it); `key`; `fp`; what the ledger knew: `known`, `old_fp`, `old_doubt`, `o0…`; the model's values `v0…`; `bytes`;
 * with `twins` also `twin`, the key of another row with the same match value; with `holds` also `held`.
 * Rows of class `unchanged` follow after the last position; they only carry values to the next ledger.
 */
export interface PlanMetadata {
  readonly version: 1;
  readonly primaryKey: Column;
  /** Definitions of `v0…`. */
  readonly values: readonly Column[];
  /** Positions in `values` that the next ledger keeps. */
  readonly kept: readonly number[];
  /** Definitions of `o0…`: what the old ledger kept. */
  readonly ledgerValues: readonly Column[];
  readonly ledgerKey: string | null;
  readonly ledgerRows: number;
  readonly carriesUnchanged: boolean;
  readonly twins?: boolean;
  /** Whether there is the column `oversize`: the bytes of a row that is too long to be sent, without its long values. */
  readonly cut?: boolean;
  /** Whether there is the column `held`: in doubt, and not sent before somebody says so. */
  readonly holds?: boolean;
  /** Rows that may have arrived are never sent again by the run itself. */
  readonly holdsDoubts?: boolean;
  /** Names under `fp`, sorted, where they are not the key and all of `values`. */
  readonly fingerprinted?: readonly string[];
}

/** The option of `COPY … TO` that writes metadata into a Parquet file. */
export const metadataOption = (metadata: PlanMetadata): string =>
  `KV_METADATA {sluice: ${literal(JSON.stringify(metadata))}}`;

/** The metadata of a file that `metadataOption` wrote; `null` if it has none. */
export async function findMetadata<Metadata extends LedgerMetadata | PlanMetadata>(
  duck: Duck,
  path: string,
): Promise<Metadata | null> {
  const [row] = await duck.rows(
    `SELECT decode(value) FROM parquet_kv_metadata(${literal(path)}) WHERE decode(key) = 'sluice'`,
  );
  return typeof row?.[0] === 'string' ? (JSON.parse(row[0]) as Metadata) : null;
}
