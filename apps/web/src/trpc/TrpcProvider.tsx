'use client';

import type { AppRouter } from '@sluice/api/trpc/router';
import { QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client';
import { type ReactNode, useState } from 'react';
import superjson from 'superjson';
import { TRPCProvider } from './client.ts';
import { makeQueryClient } from './query-client.ts';

const url = '/api/trpc';

/**
 * Queries and mutations of one workspace (or of none, on the pages before it). Mount it with the workspace as `key`:
 * each workspace has its own cache, so rows of one never appear in another.
 */
export function TrpcProvider({ workspace, children }: { workspace: string | null; children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  const [client] = useState(() => makeClient(workspace));
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}

function makeClient(workspace: string | null) {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        // An event stream cannot carry headers, so the workspace travels as a connection parameter.
        true: httpSubscriptionLink({
          url,
          transformer: superjson,
          connectionParams: () => (workspace === null ? {} : { workspace }),
        }),
        false: splitLink({
          // Long work and work that can be cancelled travels alone, so that it holds nothing else up.
          condition: (operation) => operation.type === 'mutation' || operation.context.alone === true,
          true: httpBatchLink({ url, transformer: superjson, maxItems: 1, headers: headersOf(workspace) }),
          false: httpBatchLink({ url, transformer: superjson, maxItems: 10, headers: headersOf(workspace) }),
        }),
      }),
    ],
  });
}

function headersOf(workspace: string | null): () => Record<string, string> {
  const headers: Record<string, string> = workspace === null ? {} : { 'x-sluice-workspace': workspace };
  return () => headers;
}
