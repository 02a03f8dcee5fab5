'use client';

import { Button } from '@sluice/ui/Button';
import { toast } from '@sluice/ui/Toast';
import { useQueryClient } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTRPC } from '#trpc/client.ts';

/** Asks the destination for its fields again: what it said is kept for minutes. */
export function RefreshFields({
  destinationId,
  object,
  onFailure,
}: {
  destinationId: number | null;
  object: string | null;
  onFailure: (thrown: unknown) => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  if (destinationId === null || object === null) return null;
  const refresh = async () => {
    setAsking(true);
    onFailure(null);
    try {
      const asked = { id: destinationId, object };
      const fresh = await queryClient.fetchQuery({
        ...trpc.destination.object.queryOptions({ ...asked, refresh: true }),
        staleTime: 0,
      });
      queryClient.setQueryData(trpc.destination.object.queryKey(asked), fresh);
      toast.success({ title: `Read ${fresh.fields.length} fields.` });
    } catch (thrown) {
      onFailure(thrown);
    } finally {
      setAsking(false);
    }
  };
  return (
    <Button size="sm" variant="ghost" loading={asking} onClick={() => void refresh()}>
      {!asking && <RefreshCw />}
      Read the fields again
    </Button>
  );
}
