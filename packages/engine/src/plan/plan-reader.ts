import { dirname } from 'node:path';
import type { ChangeClass } from '@sluice/domain/change';
import { SluiceError } from '@sluice/domain/error';
import { type Duck, openDuck } from '../duck.ts';
import { findMetadata, type PlanMetadata } from '../ledger/file-metadata.ts';
import { literal } from '../sql.ts';
import { readRows } from './plan-rows.ts';
import type { PlannedChange } from './planned-change.ts';

export interface PlanFilter {
  /** Keyset: only positions after this one; 0 for the first page. */
  readonly afterSeq: number;
  readonly limit: number;
  readonly key?: string;
  readonly keyPrefix?: string;
  readonly class?: ChangeClass;
  /** Only changed rows that are sent and whose value in this column differs from the ledger's. */
  readonly changedColumn?: string;
  /** Only these positions. */
  readonly seqs?: readonly number[];
}

/** Rows of a plan file by position, in memory bounded by `limit`. Throws `plan_missing` if the file is unreadable. */
export async function readPlanRows(localPath: string, filter: PlanFilter): Promise<PlannedChange[]> {
  if (filter.seqs?.length === 0) return [];
  const duck = await openDuck({
    workDirectory: dirname(localPath),
    memoryLimitMb: readerMemoryMb,
    threads: 1,
  });
  try {
    const metadata = await describePlan(duck, localPath);
    return await readRows(duck, localPath, metadata, whereOf(filter, metadata), filter.limit);
  } finally {
    duck.close();
  }
}

/** The metadata of a plan file. Throws `plan_missing` if it is not one. */
export async function describePlan(duck: Duck, path: string): Promise<PlanMetadata> {
  const metadata = await findMetadata<PlanMetadata>(duck, path).catch((cause: unknown) => {
    throw new SluiceError('plan_missing', 'The plan of this run cannot be read.', { cause });
  });
  if (metadata) return metadata;
  throw new SluiceError('plan_missing', 'The plan of this run cannot be read.');
}

const readerMemoryMb = 96;

function whereOf(filter: PlanFilter, metadata: PlanMetadata): string {
  return [
    `seq > ${Math.trunc(filter.afterSeq)}`,
    ...(filter.key === undefined ? [] : [`key = ${literal(filter.key)}`]),
    ...(filter.keyPrefix === undefined ? [] : [`starts_with(key, ${literal(filter.keyPrefix)})`]),
    ...(filter.class === undefined ? [] : [`class = ${literal(filter.class)}`]),
    ...(filter.changedColumn === undefined ? [] : [changedIn(filter.changedColumn, metadata)]),
    ...(filter.seqs === undefined ? [] : [`seq IN (${filter.seqs.map(Math.trunc).join(', ')})`]),
  ].join(' AND ');
}

function changedIn(name: string, { values, ledgerValues }: PlanMetadata): string {
  const now = values.findIndex((column) => column.name === name);
  const before = ledgerValues.findIndex((column) => column.name === name);
  if (now < 0) return 'false';
  return `class = 'changed' AND sent AND ${before < 0 ? 'true' : `v${now} IS DISTINCT FROM o${before}`}`;
}
