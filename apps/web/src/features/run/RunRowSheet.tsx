'use client';

import { Button } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import { Sheet } from '@sluice/ui/Sheet';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { Status } from '@sluice/ui/Status';
import { TextLink } from '@sluice/ui/TextLink';
import { useQuery } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useReplayChoice } from '#features/replay/ReplayContext.tsx';
import { RowCorrections } from '#features/replay/RowCorrections.tsx';
import { correctRow } from '#features/replay/replay-choice.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { ClassMark } from './ClassMark.tsx';
import { ExchangeView } from './ExchangeView.tsx';
import { outcomeWords } from './outcome-words.tsx';
import { RecordTable } from './RecordTable.tsx';
import { useFollowedRun } from './RunContext.tsx';
import { isRunning } from './run-status.ts';

/** One row's journey: the model's row, the record made from it, the request, and the answer. */
export function RunRowSheet({ runId, seq, onClose }: { runId: number; seq: number; onClose: () => void }) {
  const trpc = useTRPC();
  const { run } = useFollowedRun();
  const { paths, can } = useWorkspace();
  const { choice, setChoice } = useReplayChoice();
  const [correcting, setCorrecting] = useState(false);
  const sync = useQuery(
    trpc.sync.get.queryOptions({ id: run?.syncId ?? 0 }, { enabled: correcting && run !== undefined }),
  );
  const query = useQuery(trpc.run.row.queryOptions({ runId, seq }));
  const row = query.data;
  const words = row && outcomeWords[row.outcome];
  // A row that has left the model has no values to correct.
  const correctable =
    run !== undefined &&
    !isRunning(run.status) &&
    can('sync.trigger') &&
    row !== undefined &&
    row.class !== 'removed' &&
    row.outcome !== 'skipped';
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      width="lg"
      title={row ? `Row ${row.key}` : 'Row'}
      description={
        row &&
        words && (
          <span className="flex flex-wrap items-center gap-3">
            <ClassMark name={row.class} />
            <Status tone={words.tone} icon={words.icon} label={words.label} description={words.description} />
            {run && (
              <TextLink href={paths.rows({ key: row.key, syncId: run.syncId })}>History of this row</TextLink>
            )}
          </span>
        )
      }
    >
      {query.error != null && (
        <ErrorCallout
          error={query.error}
          title="The row could not be loaded."
          onRetry={() => void query.refetch()}
        />
      )}
      {query.isPending && <SkeletonLines lines={8} />}
      {row && (
        <div className="flex flex-col gap-6">
          {row.message && (
            <Callout tone={row.outcome === 'rejected' ? 'critical' : 'caution'} title={row.message}>
              {row.code && <span className="text-faint text-xs">{row.code}</span>}
            </Callout>
          )}
          <Part
            number={1}
            title="Row of the model"
            action={
              !correcting &&
              correctable && (
                <Button size="sm" onClick={() => setCorrecting(true)}>
                  <Pencil />
                  Correct and replay
                </Button>
              )
            }
          >
            {correcting ? (
              <RowCorrections
                row={row.mapped.row}
                primaryKey={sync.data?.primaryKey}
                corrected={choice.get(seq)?.values ?? {}}
                onCancel={() => setCorrecting(false)}
                onCorrect={(values) => {
                  setChoice(correctRow(choice, { seq, key: row.key, values }));
                  onClose();
                }}
              />
            ) : (
              <RecordTable row={row.mapped.row} label="Row of the model" />
            )}
          </Part>
          <Part number={2} title="Record for the destination">
            {row.mapped.error !== null ? (
              <p className="wrap-anywhere text-muted text-sm">
                {row.mapped.error === row.message ? 'None was made, for this reason.' : row.mapped.error}
              </p>
            ) : row.mapped.record && Object.keys(row.mapped.record).length > 0 ? (
              <RecordTable row={row.mapped.record} label="Record for the destination" />
            ) : (
              <p className="text-faint text-xs">The request itself is made from the row, by its template.</p>
            )}
          </Part>
          <Part number={3} title="Request and answer">
            {row.mapped.error !== null || row.exchanges.length === 0 ? (
              <p className="text-faint text-xs">
                {row.outcome === 'not_attempted' || row.outcome === 'skipped' || row.mapped.error !== null
                  ? 'Nothing was sent for this row.'
                  : 'The traffic of this row is no longer kept.'}
              </p>
            ) : (
              <div className="flex flex-col gap-5">
                {row.outcome === 'rejected' && (
                  <p className="text-faint text-xs">
                    The traffic of the rows that went together. A row that Sluice refused itself is not in it.
                  </p>
                )}
                {row.exchanges.map((exchange) => (
                  <ExchangeView key={`${exchange.startedAt}-${exchange.durationMs}`} exchange={exchange} />
                ))}
              </div>
            )}
          </Part>
        </div>
      )}
    </Sheet>
  );
}

function Part({
  number,
  title,
  action,
  children,
}: {
  number: number;
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="flex min-w-0 flex-col gap-2">
      <div className="flex min-h-7 items-center justify-between gap-2">
        <h3 className="font-medium text-ink text-sm">
          <span className="mr-1.5 text-faint">{number}</span>
          {title}
        </h3>
        {action}
      </div>
      {children}
    </section>
  );
}
