'use client';

import { sumSent } from '@sluice/domain/change';
import type { DryRunResult } from '@sluice/domain/dry-run';
import { Button } from '@sluice/ui/Button';
import { Checkbox } from '@sluice/ui/Checkbox';
import { Sheet } from '@sluice/ui/Sheet';
import { Spinner } from '@sluice/ui/Spinner';
import { type ReactNode, useState } from 'react';
import { DryRunView } from '#features/dry-run/DryRunView.tsx';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** Shows what a replay, a revert or a backfill would do, and starts it. */
export function AskedRunSheet({
  title,
  description,
  options,
  preview,
  readsModel,
  action,
  starting,
  startError,
  disabledReason,
  onStart,
  onClose,
}: {
  title: string;
  description: ReactNode;
  /** Choices above the preview. */
  options?: ReactNode;
  preview: { data: DryRunResult | undefined; running: boolean; error: unknown; retry: () => void };
  /** Whether it reads the whole model, as a run of the schedule does. */
  readsModel: boolean;
  /** The verb on the button. */
  action: string;
  starting: boolean;
  startError: unknown;
  disabledReason: string | null;
  onStart: (ignoreGuards: boolean) => void;
  onClose: () => void;
}) {
  const [ignoreGuards, setIgnoreGuards] = useState(false);
  const { data, running, error } = preview;
  const guarded = data?.guard != null;
  const reason =
    disabledReason ??
    (running ? 'Wait for the preview.' : null) ??
    (data && sumSent(data.counts) === 0 ? 'Nothing would be sent.' : null) ??
    (guarded && !ignoreGuards ? 'A guard stops it: tick the box to go on without the guards.' : null);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      width="lg"
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            loading={starting}
            disabledReason={reason}
            onClick={() => onStart(guarded && ignoreGuards)}
          >
            {action}
          </Button>
        </>
      }
    >
      <div className="flex min-w-0 flex-col gap-4">
        {options}
        {running && (
          <p role="status" className="flex items-center gap-2 text-muted text-sm">
            <Spinner /> Planning what would be sent…
          </p>
        )}
        {error != null && !running && (
          <ErrorCallout error={error} title="It cannot be done." onRetry={preview.retry} />
        )}
        {data && !running && <DryRunView result={data} readsModel={readsModel} />}
        {guarded && (
          <Checkbox
            checked={ignoreGuards}
            onChange={setIgnoreGuards}
            label="Go on without the guards, this once"
          />
        )}
        {startError != null && <ErrorCallout error={startError} title="It was not started." />}
      </div>
    </Sheet>
  );
}
