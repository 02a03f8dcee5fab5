'use client';

import type { AuditEntry } from '@sluice/domain/workspace';
import { Button } from '@sluice/ui/Button';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { Section } from '@sluice/ui/Page';
import { Select } from '@sluice/ui/Select';
import { Time } from '@sluice/ui/Time';
import { Toolbar } from '@sluice/ui/Toolbar';
import { useInfiniteQuery } from '@tanstack/react-query';
import { parseAsInteger, parseAsString, useQueryState } from 'nuqs';
import { NothingFound } from '#features/list/ListFrame.tsx';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { AuditEntrySheet } from './AuditEntrySheet.tsx';
import { actionText, auditNouns } from './audit-words.ts';
import { NotAllowed } from './NotAllowed.tsx';

/** Who changed what, newest first. */
export function AuditPage() {
  const { whyNot } = useWorkspace();
  const forbidden = whyNot('audit.read');
  if (forbidden) return <NotAllowed reason={forbidden} />;
  return <AuditLog />;
}

function AuditLog() {
  const trpc = useTRPC();
  const [noun, setNoun] = useQueryState('about', parseAsString.withDefault('all'));
  const [openId, setOpenId] = useQueryState('entry', parseAsInteger);
  const log = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      { limit: 50, ...(noun !== 'all' && { action: noun }) },
      { getNextPageParam: (page) => page.nextCursor },
    ),
  );
  const entries = log.data?.pages.flatMap((page) => page.items);
  return (
    <Section
      title="Audit log"
      description="Every change of this workspace: by whom, when, and what it was before. Secrets are never in it."
    >
      <PageTitle parts={['Audit log', 'Settings']} />
      <Toolbar>
        <div className="w-full sm:w-52">
          <Select
            aria-label="What it is about"
            value={noun}
            options={auditNouns}
            onChange={(next) => void setNoun(next)}
          />
        </div>
      </Toolbar>
      {log.isError && (
        <ErrorCallout
          error={log.error}
          title="The log could not be loaded."
          onRetry={() => void log.refetch()}
        />
      )}
      {!(log.isError && !entries) && (
        <DataTable
          label="Audit log"
          columns={columns}
          rows={entries}
          rowKey={(entry) => entry.id}
          rowLabel={(entry) => `${actionText(entry.action)} ${entry.subjectName}, by ${entry.actor}`}
          onRowOpen={(entry) => void setOpenId(entry.id)}
          empty={
            noun === 'all' ? (
              'Nothing has been changed yet.'
            ) : (
              <NothingFound
                what="Nothing of this kind has been changed yet."
                onClear={() => void setNoun(null)}
              />
            )
          }
          footer={
            log.hasNextPage && (
              <Button size="sm" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
                Show older entries
              </Button>
            )
          }
        />
      )}
      <AuditEntrySheet
        entry={entries?.find((entry) => entry.id === openId) ?? null}
        onClose={() => void setOpenId(null)}
      />
    </Section>
  );
}

const columns: readonly TableColumn<AuditEntry>[] = [
  {
    id: 'what',
    header: 'What',
    grow: true,
    cell: (entry) => (
      <>
        {actionText(entry.action)} <span className="font-normal text-muted">{entry.subjectName}</span>
      </>
    ),
  },
  {
    id: 'who',
    header: 'Who',
    hideBelow: 'sm',
    cell: (entry) => (
      <>
        {entry.actor}
        {entry.actorKind === 'token' && <span className="text-faint"> (API token)</span>}
      </>
    ),
  },
  {
    id: 'changes',
    header: 'Fields',
    align: 'end',
    hideBelow: 'md',
    cell: (entry) => Object.keys(entry.changes).length || <span className="text-faint">–</span>,
  },
  { id: 'when', header: 'When', align: 'end', cell: (entry) => <Time at={entry.at} /> },
];
