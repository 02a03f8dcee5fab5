'use client';

import type { RunEvent } from '@sluice/domain/run';
import { isFinal } from '@sluice/domain/run-status';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useEffect, useRef, useState } from 'react';
import { useTRPC } from '#trpc/client.ts';
import { appendEvents } from './run-log.ts';

/** `live`: news arrives as it happens. `recovering`: the connection is being made again, nothing is lost. */
export type RunConnection = 'connecting' | 'live' | 'recovering' | 'ended';

/**
 * A run and its log, live. A lost connection is made again by itself and resumes after the last line that arrived;
 * meanwhile the run is read every few seconds. Lines are drawn at most 10 times a second.
 */
export function useRunFollow(runId: number) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [events, setEvents] = useState<readonly RunEvent[]>([]);
  const [ended, setEnded] = useState(false);
  const arrived = useRef<RunEvent[]>([]);
  const wasLive = useRef(false);

  useEffect(() => {
    const timer = setInterval(() => {
      if (arrived.current.length === 0) return;
      const fresh = arrived.current;
      arrived.current = [];
      setEvents((log) => appendEvents(log, fresh));
    }, 100);
    return () => clearInterval(timer);
  }, []);

  const subscription = useSubscription(
    trpc.run.follow.subscriptionOptions(
      { runId },
      {
        onData: ({ data }) => {
          if (data.type === 'event') {
            arrived.current.push(data.event);
            return;
          }
          queryClient.setQueryData(trpc.run.get.queryKey({ id: runId }), data.run);
          if (isFinal(data.run.status)) {
            setEnded(true);
            // What the run changed elsewhere: its sync, the lists, its rows.
            void queryClient.invalidateQueries({ queryKey: trpc.sync.pathKey() });
            void queryClient.invalidateQueries({ queryKey: trpc.run.list.pathKey() });
            void queryClient.invalidateQueries({ queryKey: trpc.run.rows.pathKey() });
            void queryClient.invalidateQueries({ queryKey: trpc.run.reasons.pathKey() });
          }
        },
      },
    ),
  );
  const isLive = subscription.status === 'pending';
  useEffect(() => {
    if (isLive) wasLive.current = true;
  }, [isLive]);
  const run = useQuery({
    ...trpc.run.get.queryOptions({ id: runId }),
    refetchInterval: (query) => {
      const status = query.state.data?.status;
      return isLive || (status && isFinal(status)) ? false : 3000;
    },
  });
  const isEnded = ended || (run.data !== undefined && isFinal(run.data.status));
  const connection: RunConnection = isEnded
    ? 'ended'
    : isLive
      ? 'live'
      : wasLive.current
        ? 'recovering'
        : 'connecting';
  return { run: run.data, events, connection, error: run.error, retry: () => void run.refetch() };
}
