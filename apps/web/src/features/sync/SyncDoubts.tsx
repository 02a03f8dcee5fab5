'use client';

import type { DoubtRow } from '@sluice/domain/doubt';
import { Button } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import { Checkbox } from '@sluice/ui/Checkbox';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { EmptyState } from '@sluice/ui/EmptyState';
import { SearchInput } from '@sluice/ui/SearchInput';
import { TextLink } from '@sluice/ui/TextLink';
import { toast } from '@sluice/ui/Toast';
import { Toolbar } from '@sluice/ui/Toolbar';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, PackageCheck, RotateCw } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { useDeferredValue, useState } from 'react';
import { ListFrame, NothingFound } from '#features/list/ListFrame.tsx';
import { ClassMark } from '#features/run/ClassMark.tsx';
import { useShowRun } from '#features/run/use-show-run.ts';
import { valueText } from '#features/run/value-text.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { useCurrentSync } from './SyncFrame.tsx';

const number = new Intl.NumberFormat('en');
const rowWords = (rows: number) => (rows === 1 ? '1 row' : `${number.format(rows)} rows`);

/** Rows of which nobody knows whether they arrived, and the word of a person on them. */
export function SyncDoubts() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const showRun = useShowRun();
  const sync = useCurrentSync();
  const { paths, whyNot } = useWorkspace();
  const [q, setQ] = useQueryState('q', parseAsString.withDefault(''));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [deciding, setDeciding] = useState<'arrived' | 'send_again' | null>(null);
  const search = useDeferredValue(q.trim());
  const denied = whyNot('run.rows');
  const doubts = useInfiniteQuery(
    trpc.sync.doubts.infiniteQueryOptions(
      { id: sync.id, limit: 50, ...(search !== '' && { search }) },
      {
        getNextPageParam: (page) => page.nextCursor,
        enabled: denied === null,
        placeholderData: (before) => before,
      },
    ),
  );
  const decide = useMutation(
    trpc.sync.decideDoubts.mutationOptions({
      onSuccess: async ({ run, arrived }) => {
        setDeciding(null);
        setChosen(new Set());
        await Promise.all([
          queryClient.invalidateQueries({ queryKey: trpc.sync.pathKey() }),
          queryClient.invalidateQueries({ queryKey: trpc.run.pathKey() }),
        ]);
        if (run) await showRun(run);
        else toast.success({ title: `${rowWords(arrived)} taken as delivered.` });
      },
    }),
  );
  if (denied !== null) return <p className="text-muted text-sm">Rows hold data. {denied}</p>;
  const items = doubts.data?.pages.flatMap((page) => page.items);
  const total = doubts.data?.pages[0]?.total ?? 0;
  const columns: TableColumn<DoubtRow>[] = [
    {
      id: 'choose',
      header: '',
      screenReaderHeader: 'Choose',
      cell: (row) => (
        <Checkbox
          checked={chosen.has(row.key)}
          onChange={(now) => {
            const next = new Set(chosen);
            if (now) next.add(row.key);
            else next.delete(row.key);
            setChosen(next);
          }}
          label={`Choose row ${row.key}`}
          hideLabel
        />
      ),
    },
    {
      id: 'key',
      header: 'Primary key',
      cell: (row) => (
        <TextLink href={paths.rows({ key: row.key, syncId: sync.id })}>
          <span className="font-mono text-xs">{row.key}</span>
        </TextLink>
      ),
    },
    { id: 'class', header: 'What was tried', cell: (row) => <ClassMark name={row.class} /> },
    {
      id: 'values',
      header: 'Values that may have arrived',
      grow: true,
      hideBelow: 'sm',
      cell: (row) => <span className="font-mono text-muted text-xs">{valuesText(row)}</span>,
    },
  ];
  const keys = chosen.size === 0 ? null : [...chosen];
  const what = keys === null ? `all ${rowWords(total)}` : rowWords(keys.length);
  const refused = whyNot('sync.write');
  return (
    <>
      {total > 0 && (
        <Callout tone="caution" title={`${rowWords(total)} may or may not have arrived`}>
          They were sent, and the answer was lost.{' '}
          {sync.configuration.doubt === 'hold'
            ? 'They are held until somebody says what became of them: look at the destination first.'
            : 'The next run sends them again by itself. Whoever knows more can say so here.'}
        </Callout>
      )}
      <ListFrame
        error={doubts.error}
        failure="The rows could not be loaded."
        onRetry={() => void doubts.refetch()}
        isFirstUse={total === 0 && search === '' && !doubts.isPending}
        firstUse={
          <EmptyState icon={<CircleCheck />} title="No row is in doubt">
            When the answer of the destination is lost after a row was sent, the row is listed here, with what
            may have arrived.
          </EmptyState>
        }
        toolbar={
          <Toolbar
            actions={
              <>
                <Button
                  disabledReason={refused ?? (total === 0 ? 'There is none.' : null)}
                  onClick={() => setDeciding('arrived')}
                >
                  <PackageCheck />
                  {keys === null ? 'All arrived…' : 'They arrived…'}
                </Button>
                <Button
                  disabledReason={refused ?? (total === 0 ? 'There is none.' : null)}
                  onClick={() => setDeciding('send_again')}
                >
                  <RotateCw />
                  {keys === null ? 'Send all again…' : 'Send again…'}
                </Button>
              </>
            }
          >
            <SearchInput
              label="Search by primary key"
              value={q}
              onChange={(text) => void setQ(text || null)}
            />
          </Toolbar>
        }
      >
        <DataTable
          label="Rows in doubt"
          columns={columns}
          rows={items}
          rowKey={(row) => row.key}
          loading={doubts.isPlaceholderData}
          empty={<NothingFound what="No row in doubt matches." onClear={() => void setQ(null)} />}
          footer={
            doubts.hasNextPage && (
              <Button
                size="sm"
                loading={doubts.isFetchingNextPage}
                onClick={() => void doubts.fetchNextPage()}
              >
                Show more rows
              </Button>
            )
          }
        />
      </ListFrame>
      <ConfirmDialog
        open={deciding !== null}
        onOpenChange={() => setDeciding(null)}
        title={deciding === 'arrived' ? `Did ${what} arrive?` : `Send ${what} again?`}
        action={deciding === 'arrived' ? 'Take as delivered' : 'Send again'}
        tone="primary"
        loading={decide.isPending}
        error={decide.error != null && <ErrorCallout error={decide.error} />}
        onConfirm={() => deciding && decide.mutate({ id: sync.id, decision: deciding, keys })}
      >
        {deciding === 'arrived'
          ? 'They count as delivered with the values that were sent. If one did not arrive, it is not sent again before it changes in the model.'
          : `The same values are sent once more, now. Where ${sync.destinationName} cannot tell a repeat, what did arrive arrives twice.`}
      </ConfirmDialog>
    </>
  );
}

/** `email = a@example.com, plan = pro`. */
const valuesText = ({ row }: DoubtRow): string =>
  Object.entries(row)
    .map(([name, value]) => `${name} = ${valueText(value) ?? 'NULL'}`)
    .join(', ');
