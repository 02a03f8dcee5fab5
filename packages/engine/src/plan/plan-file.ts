import { metadataOption, type PlanMetadata } from '../ledger/file-metadata.ts';

/** Options of the `COPY … TO` that writes a plan. Small groups of rows: a window of positions touches few of them. */
export const planFileOptions = (metadata: PlanMetadata): string =>
  `FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 10240, ROW_GROUP_SIZE_BYTES '16MB',
    ${metadataOption(metadata)}`;

/** SQL of `bytes`: the length of the texts of a row, old values included. */
export const bytesSql = (columns: readonly string[]): string =>
  `(0${columns.map((column) => ` + coalesce(strlen(${column}), 0)`).join('')})::INTEGER`;
