'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
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
  const read = detail.data && !detail.isPlaceholderData ? detail.data : null;
  // Some destinations tell of one object by its id alone: people know it by the name that they chose it by.
  const label = objects.data?.find(({ id }) => id === object)?.label;
  const current = useMemo(() => read && { ...read, label: label ?? read.label }, [read, label]);
  const facts: DraftFacts = {
    columns: modelId !== null && model.data ? model.data.columns : null,
    object: object !== null ? current : null,
  };
  return { model, destination, objects, detail, facts };
}

export type DraftQueries = ReturnType<typeof useDraftFacts>;
