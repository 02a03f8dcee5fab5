import type { Schedule } from '@sluice/domain/schedule';
import type { SequenceRunView, SequenceView } from '@sluice/domain/sequence';
import { policyOf } from './step-policy.ts';

/** What a sequence is loaded with to be shown. */
export const sequenceInclude = {
  steps: {
    orderBy: { position: 'asc' },
    select: {
      syncId: true,
      policy: true,
      rejectedShareMax: true,
      sync: {
        select: {
          slug: true,
          disabled: true,
          model: { select: { name: true } },
          destination: { select: { name: true } },
        },
      },
    },
  },
} as const;

export interface SequenceRow {
  id: string;
  name: string;
  slug: string;
  schedule: unknown;
  disabled: boolean;
  nextRunAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  steps: {
    syncId: number;
    policy: string;
    rejectedShareMax: number | null;
    sync: { slug: string; disabled: boolean; model: { name: string }; destination: { name: string } };
  }[];
}

/** A sequence with the names of its syncs and its newest run. */
export function sequenceView(row: SequenceRow, lastRun: SequenceRunView | null): SequenceView {
  const { id, name, slug, disabled, nextRunAt, createdAt, updatedAt } = row;
  return {
    id,
    name,
    slug,
    steps: row.steps.map(({ syncId, sync, ...policy }) => ({
      syncId,
      syncSlug: sync.slug,
      modelName: sync.model.name,
      destinationName: sync.destination.name,
      disabled: sync.disabled,
      policy: policyOf(policy),
    })),
    schedule: row.schedule as Schedule | null,
    disabled,
    nextRunAt,
    lastRun,
    createdAt,
    updatedAt,
  };
}
