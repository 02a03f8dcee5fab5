'use client';

import type { DryRunProgress } from '@sluice/domain/dry-run';
import { Spinner } from '@sluice/ui/Spinner';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useTRPC } from '#trpc/client.ts';

const number = new Intl.NumberFormat('en');

/** How far the dry run of this name is, while it goes on. */
export function DryRunProgressLine({ watch }: { watch: string }) {
  const trpc = useTRPC();
  const { data } = useSubscription(trpc.sync.followDryRun.subscriptionOptions({ watch }));
  return (
    <p role="status" className="flex items-center gap-2 text-muted text-sm tabular-nums">
      <Spinner /> {progressWords(data)}
    </p>
  );
}

function progressWords(progress: DryRunProgress | undefined): string {
  if (!progress || (progress.stage === 'read' && progress.rows === 0))
    return 'Reading all rows of the model and comparing them with what was delivered…';
  if (progress.stage === 'read') return `Reading the model: ${number.format(progress.rows)} rows so far…`;
  return progress.rows === 0
    ? 'Comparing rows in the source…'
    : `Comparing ${number.format(progress.rows)} rows with what was delivered…`;
}
