'use client';

import type { AppRouter } from '@sluice/api/trpc/router';
import { createTRPCContext } from '@trpc/tanstack-react-query';

/**
 * `const trpc = useTRPC(); useQuery(trpc.source.list.queryOptions())`. Calls act in the workspace of the page, see
 * `TrpcProvider`. `useTRPCClient()` calls without the cache.
 */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();
