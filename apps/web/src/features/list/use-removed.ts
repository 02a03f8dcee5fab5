'use client';

import { toast } from '@sluice/ui/Toast';
import { type QueryKey, useQueryClient } from '@tanstack/react-query';

/** What a dialog that removes something is told. */
export interface RemovalEnds {
  onClose: () => void;
  onRemoved?: () => void;
}

/** Options of a removal: when it is done the dialog closes, people hear of it, and the `lists` are read again. */
export function useRemoved(name: string, lists: readonly QueryKey[], { onClose, onRemoved }: RemovalEnds) {
  const queryClient = useQueryClient();
  return {
    onSuccess: async () => {
      onClose();
      onRemoved?.();
      toast.success({ title: `Removed ${name}.` });
      await Promise.all(lists.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
    },
  };
}
