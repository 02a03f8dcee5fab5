'use client';

import type { MemberView } from '@sluice/domain/workspace';
import { Button } from '@sluice/ui/Button';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { Section } from '@sluice/ui/Page';
import { Time } from '@sluice/ui/Time';
import { useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useQuickActions } from '#shell/quick-actions.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { InvitationList } from './InvitationList.tsx';
import { InviteDialog } from './InviteDialog.tsx';
import { MemberMenu } from './MemberMenu.tsx';
import { MemberRole } from './MemberRole.tsx';

/** Who belongs to the workspace, and who is invited. */
export function MembersPage() {
  const trpc = useTRPC();
  const { can, whyNot } = useWorkspace();
  const members = useQuery(trpc.member.list.queryOptions());
  const [inviting, setInviting] = useState(false);
  useQuickActions(
    useMemo(
      () =>
        can('member.manage')
          ? [
              {
                id: 'invite',
                label: 'Invite someone',
                icon: <UserPlus />,
                shortcut: 'c',
                run: () => setInviting(true),
              },
            ]
          : [],
      [can],
    ),
  );
  return (
    <div className="flex flex-col gap-8">
      <PageTitle parts={['Members', 'Settings']} />
      <Section
        title="Members"
        actions={
          <Button
            variant="primary"
            disabledReason={whyNot('member.manage')}
            onClick={() => setInviting(true)}
          >
            <UserPlus aria-hidden="true" />
            Invite…
          </Button>
        }
      >
        {members.isError ? (
          <ErrorCallout
            error={members.error}
            title="The members could not be loaded."
            onRetry={() => void members.refetch()}
          />
        ) : (
          <DataTable
            label="Members"
            columns={columns}
            rows={members.data}
            rowKey={(member) => member.userId}
          />
        )}
      </Section>
      {can('member.manage') && <InvitationList />}
      <InviteDialog open={inviting} onOpenChange={setInviting} />
    </div>
  );
}

const columns: readonly TableColumn<MemberView>[] = [
  {
    id: 'name',
    header: 'Name',
    grow: true,
    cell: (member) => (
      <span className="flex min-w-0 flex-col">
        <span className="truncate font-medium">{member.name}</span>
        <span className="truncate text-faint text-xs">{member.email}</span>
      </span>
    ),
  },
  { id: 'role', header: 'Role', cell: (member) => <MemberRole member={member} /> },
  { id: 'joined', header: 'Joined', hideBelow: 'md', cell: (member) => <Time at={member.joinedAt} /> },
  {
    id: 'menu',
    header: '',
    screenReaderHeader: 'Actions',
    align: 'end',
    cell: (member) => <MemberMenu member={member} />,
  },
];
