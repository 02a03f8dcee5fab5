'use client';

import { toast } from '@sluice/ui/Toast';
import { type UseMutationOptions, type UseMutationResult, useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isUnauthenticated, shownError } from './error.ts';

/**
 * A mutation behind a button: a failure becomes a toast with its fix and request id, a success one with what was done.
 * Pass `trpc.x.y.mutationOptions()`. For forms see `useResourceForm`, which shows errors in place.
 */
export function useAction<Data, Failure, Variables, Context>(
  options: UseMutationOptions<Data, Failure, Variables, Context>,
  messages: { success?: (data: Data) => { title: ReactNode; action?: ReactNode }; failure: string },
): UseMutationResult<Data, Failure, Variables, Context> {
  return useMutation<Data, Failure, Variables, Context>({
    ...options,
    onSuccess: async (data, variables, result, context) => {
      await options.onSuccess?.(data, variables, result, context);
      if (messages.success) toast.success(messages.success(data));
    },
    onError: (error, variables, result, context) => {
      options.onError?.(error, variables, result, context);
      if (isUnauthenticated(error)) return;
      const shown = shownError(error);
      const request = shown.requestId ? ` (request ${shown.requestId})` : '';
      toast.error({ title: messages.failure, description: `${shown.message} ${shown.fix}${request}` });
    },
  });
}
