import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { paths } from '../paths.ts';
import { isUnauthenticated, shownError } from './error.ts';

/** A cache whose answers are fresh for 10 seconds, and which sends people to sign in when their session has ended. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: signInAgain }),
    mutationCache: new MutationCache({ onError: signInAgain }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && shownError(error).fault === 'ours',
        refetchOnWindowFocus: true,
      },
    },
  });
}

function signInAgain(error: unknown): void {
  if (typeof window === 'undefined' || !isUnauthenticated(error)) return;
  const here = window.location.pathname + window.location.search;
  if (here.startsWith(paths.signIn)) return;
  window.location.assign(`${paths.signIn}?returnTo=${encodeURIComponent(here)}`);
}
