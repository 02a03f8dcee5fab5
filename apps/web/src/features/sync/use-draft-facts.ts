'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTRPC } from '#trpc/client.ts';
import type { DraftFacts } from './draft-problems.ts';
import type { SyncDraft } from './sync-draft.ts';

/** Everything the steps need to know about the draft's model, destination and object. */
export function useDraftFacts(draft: SyncDraft) {
  const trpc = useTRPC();
  const { modelId, destinationId, object } = draft;
  const model = useQuery({ ...trpc.model.get.queryOptions({ id: modelId ?? 0 }), enabled: modelId !== null });
  const destination = useQuery({
    ...trpc.destination.get.queryOptions({ id: destinationId ?? 0 }),
    enabled: destinationId !== null,
  });
  const objects = useQuery({
    ...trpc.destination.objects.queryOptions(
      { id: destinationId ?? 0 },
      { trpc: { context: { alone: true } } },
    ),
    enabled: destinationId !== null,
    staleTime: 60_000,
  });
  const detail = useQuery({
    ...trpc.destination.object.queryOptions(
      { id: destinationId ?? 0, object: object ?? '' },
      { trpc: { context: { alone: true } } },
    ),
    enabled: destinationId !== null && object !== null,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
  const current = detail.data && !detail.isPlaceholderData ? detail.data : null;
  const facts: DraftFacts = {
    columns: modelId !== null && model.data ? model.data.columns : null,
    object: object !== null ? current : null,
  };
  return { model, destination, objects, detail, facts };
}

export type DraftQueries = ReturnType<typeof useDraftFacts>;
