'use client';

import type { TokenView } from '@sluice/domain/workspace';
import { Badge } from '@sluice/ui/Badge';
import { Button } from '@sluice/ui/Button';
import { DataTable, RowControls, type TableColumn } from '@sluice/ui/DataTable';
import { EmptyState } from '@sluice/ui/EmptyState';
import { Section } from '@sluice/ui/Page';
import { TextLink } from '@sluice/ui/TextLink';
import { Time } from '@sluice/ui/Time';
import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useQuickActions } from '#shell/quick-actions.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { CreateTokenDialog } from './CreateTokenDialog.tsx';
import { NotAllowed } from './NotAllowed.tsx';
import { RevokeToken } from './RevokeToken.tsx';
import { RotateToken } from './RotateToken.tsx';
import { scopeWords } from './role-words.ts';

/** Tokens with which scripts and orchestrators use the REST API. */
export function TokensPage() {
  const { whyNot } = useWorkspace();
  const forbidden = whyNot('token.manage');
  if (forbidden) return <NotAllowed reason={forbidden} />;
  return <Tokens />;
}

function Tokens() {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const tokens = useQuery(trpc.token.list.queryOptions());
  const [creating, setCreating] = useState(false);
  useQuickActions(
    useMemo(
      () => [
        {
          id: 'create token',
          label: 'Create an API token',
          icon: <KeyRound />,
          shortcut: 'c',
          run: () => setCreating(true),
        },
      ],
      [],
    ),
  );
  const create = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden="true" />
      Create token…
    </Button>
  );
  return (
    <>
      <PageTitle parts={['API tokens', 'Settings']} />
      {tokens.data?.length === 0 ? (
        <EmptyState icon={<KeyRound />} title="Trigger syncs from your orchestrator" action={create}>
          A token lets a script, Airflow, Dagster, Prefect or a GitHub Action start syncs and read runs. It is
          shown once, and can be revoked at any time.
        </EmptyState>
      ) : (
        <Section
          title="API tokens"
          description={
            <>
              For scripts and orchestrators. What they can do with it is in the{' '}
              <TextLink href={paths.settings.api}>reference of the REST API</TextLink>.
            </>
          }
          actions={create}
        >
          {tokens.isError ? (
            <ErrorCallout
              error={tokens.error}
              title="The tokens could not be loaded."
              onRetry={() => void tokens.refetch()}
            />
          ) : (
            <DataTable label="API tokens" columns={columns} rows={tokens.data} rowKey={(token) => token.id} />
          )}
        </Section>
      )}
      <CreateTokenDialog open={creating} onOpenChange={setCreating} />
    </>
  );
}

const columns: readonly TableColumn<TokenView>[] = [
  {
    id: 'name',
    header: 'Name',
    grow: true,
    cell: (token) => (
      <span className="flex min-w-0 flex-col">
        <span className="truncate font-medium">{token.name}</span>
        <span className="truncate font-mono text-2xs text-faint">slc_…{token.lastFour}</span>
        {token.previous && (
          <span className="truncate text-2xs text-faint">
            slc_…{token.previous.lastFour} works until <Time at={token.previous.expiresAt} />
          </span>
        )}
      </span>
    ),
  },
  {
    id: 'scope',
    header: 'Scope',
    cell: (token) => (
      <span className="inline-flex gap-1">
        <Badge>{scopeWords[token.scope].label}</Badge>
        {token.syncIds && (
          <Badge>
            {token.syncIds.length} {token.syncIds.length === 1 ? 'sync' : 'syncs'}
          </Badge>
        )}
      </span>
    ),
  },
  { id: 'by', header: 'Created by', hideBelow: 'lg', cell: (token) => token.createdBy },
  {
    id: 'used',
    header: 'Last used',
    hideBelow: 'sm',
    cell: (token) =>
      token.lastUsedAt ? <Time at={token.lastUsedAt} /> : <span className="text-faint">Never</span>,
  },
  {
    id: 'expires',
    header: 'Expires',
    hideBelow: 'md',
    cell: (token) => <Expiry at={token.expiresAt} />,
  },
  {
    id: 'actions',
    header: '',
    screenReaderHeader: 'Actions',
    align: 'end',
    cell: (token) => (
      <RowControls>
        <RotateToken token={token} />
        <RevokeToken token={token} />
      </RowControls>
    ),
  },
];

function Expiry({ at }: { at: Date | null }) {
  if (at === null) return <span className="text-faint">Never</span>;
  return at.getTime() < Date.now() ? <Badge tone="caution">Expired</Badge> : <Time at={at} />;
}
