import type { ChangeClass } from '@sluice/domain/change';
import { SluiceError } from '@sluice/domain/error';
import type { PlannedChange } from './planned-change.ts';

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
export async function readPlanRows(_localPath: string, _filter: PlanFilter): Promise<PlannedChange[]> {
  throw new SluiceError('plan_missing', 'Plans cannot be read by this build.');
}
