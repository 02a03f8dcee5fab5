'use client';

import type { SequenceView } from '@sluice/domain/sequence';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { SequenceForm } from './SequenceForm.tsx';
import { sequenceDraftOf } from './sequence-draft.ts';

/** Changes name, steps and schedule. A run that goes on keeps the steps it started with. */
export function EditSequence({ sequence }: { sequence: SequenceView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { whyNot } = useWorkspace();
  const update = useMutation(
    trpc.sequence.update.mutationOptions({
      onSuccess: async (saved) => {
        queryClient.setQueryData(trpc.sequence.get.queryKey({ id: sequence.id }), saved);
        toast.success({ title: `Saved ${saved.name}.`, description: 'The next run uses it.' });
        await queryClient.invalidateQueries({ queryKey: trpc.sequence.list.queryKey() });
      },
    }),
  );
  return (
    <SequenceForm
      initial={sequenceDraftOf(sequence)}
      action="Save sequence"
      disabledReason={whyNot('sync.write')}
      saving={update.isPending}
      error={update.error}
      onSave={({ name, steps, schedule }) => update.mutate({ id: sequence.id, name, steps, schedule })}
    />
  );
}
