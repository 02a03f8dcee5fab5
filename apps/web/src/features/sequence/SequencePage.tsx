'use client';

import { overdueSince } from '@sluice/domain/missed-schedule';
import type { SequenceView } from '@sluice/domain/sequence';
import { Button, IconButton } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import { Menu, MenuItem, MenuLink, MenuSeparator } from '@sluice/ui/Menu';
import { Page } from '@sluice/ui/Page';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TabNav } from '@sluice/ui/TabNav';
import { Time } from '@sluice/ui/Time';
import { useQuery } from '@tanstack/react-query';
import { Ellipsis, Pencil, Play, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useState } from 'react';
import { CopyIdItem } from '#features/list/RowMenu.tsx';
import { scheduleWords } from '#features/sync/schedule-words.ts';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { EditSequence } from './EditSequence.tsx';
import { RemoveSequenceDialog } from './RemoveSequenceDialog.tsx';
import { ScheduleSwitch } from './ScheduleSwitch.tsx';
import { SequenceRuns } from './SequenceRuns.tsx';
import { SequenceStatusBadge } from './SequenceStatusBadge.tsx';
import { isUnderWay } from './sequence-words.ts';
import { useTriggerSequence } from './use-trigger-sequence.ts';

/** A sequence: its runs step by step, and its steps to edit. */
export function SequencePage({ id }: { id: string }) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const [tab] = useQueryState('tab', parseAsStringLiteral(['runs', 'edit']).withDefault('runs'));
  const query = useQuery({
    ...trpc.sequence.get.queryOptions({ id }),
    refetchInterval: (state) => {
      const status = state.state.data?.lastRun?.status;
      return status && isUnderWay(status) ? 2000 : 15_000;
    },
  });
  const sequence = query.data;
  if (!sequence) {
    return (
      <Page width="detail" title="Sequence">
        <PageTitle parts={['Sequence']} />
        {query.error ? (
          <ErrorCallout
            error={query.error}
            title="The sequence could not be loaded."
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonLines lines={8} />
        )}
      </Page>
    );
  }
  const overdue = overdueSince(sequence, new Date());
  return (
    <Page
      width="detail"
      title={sequence.name}
      status={sequence.lastRun && <SequenceStatusBadge status={sequence.lastRun.status} />}
      description={
        <p>
          {sequence.steps.length === 1 ? '1 step' : `${sequence.steps.length} steps`}.{' '}
          {scheduleWords(sequence.schedule)}
          {sequence.schedule && sequence.disabled && ' (paused)'}. Slug{' '}
          <code className="font-mono text-ink text-xs">{sequence.slug}</code>
          {sequence.nextRunAt && (
            <>
              . Next run <Time at={sequence.nextRunAt} />
            </>
          )}
        </p>
      }
      actions={<Actions sequence={sequence} />}
      tabs={
        <TabNav
          label="Parts of the sequence"
          tabs={[
            { href: paths.sequences.detail(id), label: 'Runs', current: tab === 'runs' },
            { href: paths.sequences.edit(id), label: 'Steps and schedule', current: tab === 'edit' },
          ]}
        />
      }
    >
      <PageTitle parts={[sequence.name, 'Sequences']} />
      {query.error && <ErrorCallout error={query.error} onRetry={() => void query.refetch()} />}
      {overdue && (
        <Callout tone="critical" title="The schedule is late: no worker starts its runs">
          A run should have started <Time at={overdue} />. It starts when a worker is there again; look
          whether the worker process runs, and at its log.
        </Callout>
      )}
      {tab === 'runs' ? <SequenceRuns sequence={sequence} /> : <EditSequence sequence={sequence} />}
    </Page>
  );
}

function Actions({ sequence }: { sequence: SequenceView }) {
  const router = useRouter();
  const { paths, whyNot } = useWorkspace();
  const [removing, setRemoving] = useState(false);
  const trigger = useTriggerSequence();
  return (
    <>
      {sequence.schedule && <ScheduleSwitch sequence={sequence} />}
      <Button
        variant="primary"
        loading={trigger.isPending}
        disabledReason={whyNot('sync.trigger')}
        onClick={() => trigger.run({ id: sequence.id })}
      >
        <Play />
        Run
      </Button>
      <Menu
        label={`Actions for ${sequence.name}`}
        trigger={
          <IconButton label="More actions" variant="secondary">
            <Ellipsis />
          </IconButton>
        }
      >
        <MenuLink href={paths.sequences.edit(sequence.id)} icon={<Pencil />}>
          Edit
        </MenuLink>
        <CopyIdItem id={sequence.id} />
        <MenuSeparator />
        <MenuItem
          icon={<Trash2 />}
          tone="danger"
          disabledReason={whyNot('sync.write')}
          onSelect={() => setRemoving(true)}
        >
          Remove…
        </MenuItem>
      </Menu>
      {removing && (
        <RemoveSequenceDialog
          sequence={sequence}
          onClose={() => setRemoving(false)}
          onRemoved={() => router.push(paths.sequences.list)}
        />
      )}
    </>
  );
}
