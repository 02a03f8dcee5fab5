'use client';

import type { StoredQuery } from '@sluice/domain/query';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTRPC, useTRPCClient } from '#trpc/client.ts';
import { bytesText } from './bytes-text.ts';

/** How long a query has to stay as it is before its cost is asked. */
const restMs = 700;

/** What running a query would read, where the source can tell before it runs. Says nothing about a query that is not finished. */
export function QueryCost({ sourceId, query }: { sourceId: number; query: StoredQuery | null }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  // As text, which is the same for as long as the query is.
  const text = JSON.stringify(query);
  const [rested, setRested] = useState('null');
  const [unable, setUnable] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  const asked = unable === sourceId ? 'null' : rested;
  const estimate = useQuery({
    queryKey: [...trpc.model.estimate.mutationKey(), sourceId, asked],
    enabled: asked !== 'null',
    staleTime: 60_000,
    retry: false,
    queryFn: async ({ signal }) => {
      const found = await client.model.estimate.mutate({ sourceId, query: JSON.parse(asked) }, { signal });
      // It cannot tell of any other query either.
      if (found === null) setUnable(sourceId);
      return found;
    },
  });
  if (!estimate.data || asked !== text) return null;
  return (
    <p role="status" className="text-muted text-sm">
      This query reads <strong className="font-medium text-ink">{bytesText(estimate.data.bytes)}</strong> each
      time it runs.
    </p>
  );
}
