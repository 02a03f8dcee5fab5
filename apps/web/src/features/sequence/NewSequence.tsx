'use client';

import { ButtonLink } from '@sluice/ui/Button';
import { Page } from '@sluice/ui/Page';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { SequenceForm } from './SequenceForm.tsx';
import { emptySequence } from './sequence-draft.ts';

/** Makes a sequence. */
export function NewSequence() {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { paths, whyNot } = useWorkspace();
  const [initial] = useState(emptySequence);
  const create = useMutation(
    trpc.sequence.create.mutationOptions({
      onSuccess: async (sequence) => {
        toast.success({ title: `Created ${sequence.name}.` });
        await queryClient.invalidateQueries({ queryKey: trpc.sequence.list.queryKey() });
        router.push(paths.sequences.detail(sequence.id));
      },
    }),
  );
  return (
    <Page width="detail" title="Create a sequence" description="Syncs that run one after the other.">
      <PageTitle parts={['New sequence', 'Sequences']} />
      <SequenceForm
        initial={initial}
        action="Create sequence"
        disabledReason={whyNot('sync.write')}
        saving={create.isPending}
        error={create.error}
        extra={<ButtonLink href={paths.sequences.list}>Cancel</ButtonLink>}
        onSave={(input) => create.mutate(input)}
      />
    </Page>
  );
}
