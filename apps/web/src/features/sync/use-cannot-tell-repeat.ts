'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '#trpc/client.ts';

/** Whether what is sent again arrives twice at a destination of this type. */
export function useCannotTellRepeat(destinationType: string | undefined): boolean {
  const trpc = useTRPC();
  const connectors = useQuery(trpc.connector.destinations.queryOptions());
  return connectors.data?.find(({ slug }) => slug === destinationType)?.cannotTellRepeat === true;
}
