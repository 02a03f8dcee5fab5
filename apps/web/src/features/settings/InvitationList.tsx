'use client';

import type { InvitationView } from '@sluice/domain/workspace';
import { Button } from '@sluice/ui/Button';
import { DataTable, RowControls, type TableColumn } from '@sluice/ui/DataTable';
import { Section } from '@sluice/ui/Page';
import { Time } from '@sluice/ui/Time';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { useAction } from '#trpc/use-action.ts';
import { roleWords } from './role-words.ts';

/** Invitations that nobody has used yet. */
export function InvitationList() {
  const trpc = useTRPC();
  const invitations = useQuery(trpc.invitation.list.queryOptions());
  if (invitations.isError) {
    return (
      <ErrorCallout
        error={invitations.error}
        title="The invitations could not be loaded."
        onRetry={() => void invitations.refetch()}
      />
    );
  }
  if (invitations.data?.length === 0) return null;
  return (
    <Section title="Open invitations" description="Each link works once, for 7 days.">
      <DataTable
        label="Open invitations"
        columns={columns}
        rows={invitations.data}
        rowKey={(invitation) => invitation.id}
      />
    </Section>
  );
}

const columns: readonly TableColumn<InvitationView>[] = [
  {
    id: 'for',
    header: 'For',
    grow: true,
    cell: (invitation) => invitation.email ?? 'Anybody with the link',
  },
  { id: 'role', header: 'Role', cell: (invitation) => roleWords[invitation.role].label },
  { id: 'by', header: 'Invited by', hideBelow: 'md', cell: (invitation) => invitation.createdBy },
  {
    id: 'expires',
    header: 'Expires',
    hideBelow: 'sm',
    cell: (invitation) => <Time at={invitation.expiresAt} />,
  },
  {
    id: 'revoke',
    header: '',
    screenReaderHeader: 'Actions',
    align: 'end',
    cell: (invitation) => <RevokeInvitation invitation={invitation} />,
  },
];

function RevokeInvitation({ invitation }: { invitation: InvitationView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useAction(
    trpc.invitation.revoke.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.invitation.list.queryKey() }),
    }),
    {
      success: () => ({ title: 'The link no longer works.' }),
      failure: 'The invitation was not revoked.',
    },
  );
  return (
    <RowControls>
      <Button size="sm" loading={revoke.isPending} onClick={() => revoke.mutate({ id: invitation.id })}>
        Revoke
      </Button>
    </RowControls>
  );
}
