import { dirname } from 'node:path';
import type { ChangeClass } from '@sluice/domain/change';
import { SluiceError } from '@sluice/domain/error';
import { type Duck, openDuck } from './duck.ts';
import { findMetadata, type PlanMetadata } from './file-metadata.ts';
import { readRows } from './plan-rows.ts';
import type { PlannedChange } from './planned-change.ts';
import { literal } from './sql.ts';

export interface PlanFilter {
  /** Keyset: only positions after this one; 0 for the first page. */
  readonly afterSeq: number;
  readonly limit: number;
  readonly key?: string;
  readonly keyPrefix?: string;
  readonly class?: ChangeClass;
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
    return await readRows(
      duck,
      localPath,
      await describePlan(duck, localPath),
      whereOf(filter),
      filter.limit,
    );
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

function whereOf(filter: PlanFilter): string {
  return [
    `seq > ${Math.trunc(filter.afterSeq)}`,
    ...(filter.key === undefined ? [] : [`key = ${literal(filter.key)}`]),
    ...(filter.keyPrefix === undefined ? [] : [`starts_with(key, ${literal(filter.keyPrefix)})`]),
    ...(filter.class === undefined ? [] : [`class = ${literal(filter.class)}`]),
    ...(filter.seqs === undefined ? [] : [`seq IN (${filter.seqs.map(Math.trunc).join(', ')})`]),
  ].join(' AND ');
}
