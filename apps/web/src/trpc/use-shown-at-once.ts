'use client';

import { type QueryKey, useQueryClient } from '@tanstack/react-query';

/**
 * Options of a mutation that turns something off or on: the view under `keys.view` shows it at once and goes back to
 * `before` when it fails; everything under `keys.all` is read again in the end.
 */
export function useShownAtOnce<View extends { disabled: boolean }>(
  before: View,
  keys: { view: QueryKey; all: QueryKey },
) {
  const queryClient = useQueryClient();
  return {
    onMutate: ({ disabled = before.disabled }: { disabled?: boolean | undefined }): View => {
      queryClient.setQueryData<View>(keys.view, { ...before, disabled });
      return before;
    },
    onError: () => {
      queryClient.setQueryData<View>(keys.view, before);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.all }),
  };
}
