'use client';

import type { DryRunResult } from '@sluice/domain/dry-run';
import type { DraftSync } from '@sluice/domain/sync';
import { Button } from '@sluice/ui/Button';
import { FlaskConical, Square } from 'lucide-react';
import { useState } from 'react';
import { DryRunProgressLine } from '#features/dry-run/DryRunProgressLine.tsx';
import { DryRunView } from '#features/dry-run/DryRunView.tsx';
import { useCancellable } from '#features/model/use-cancellable.ts';
import { randomUuid } from '#form/random-uuid.ts';
import { useTRPCClient } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** Plans a run without sending anything: counts, rows by field, the first requests, and whether a guard would stop it. */
export function DryRunPanel({
  input,
  disabledReason,
}: {
  input: DraftSync | null;
  disabledReason: string | null;
}) {
  const client = useTRPCClient();
  const [watch] = useState(randomUuid);
  const dryRun = useCancellable<DraftSync, DryRunResult>((draft, signal) =>
    client.sync.dryRun.mutate({ ...draft, watch }, { signal }),
  );
  const result = dryRun.result?.data;
  const stale = result && JSON.stringify(dryRun.result?.input) !== JSON.stringify(input);
  return (
    <section
      aria-label="Dry run"
      className="flex min-w-0 flex-col gap-4 rounded-lg border bg-surface p-4 shadow-raised"
    >
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h2 className="font-semibold text-base text-ink">Dry run</h2>
          <p className="text-muted text-sm">Reads the model, plans everything, sends nothing.</p>
        </div>
        {dryRun.running ? (
          <Button onClick={dryRun.cancel}>
            <Square />
            Cancel
          </Button>
        ) : (
          <Button
            disabledReason={disabledReason ?? (input ? null : 'Complete the earlier steps first.')}
            onClick={() => input && dryRun.run(input)}
          >
            <FlaskConical />
            {result ? 'Dry run again' : 'Start a dry run'}
          </Button>
        )}
      </div>
      {dryRun.running && <DryRunProgressLine watch={watch} />}
      {dryRun.error != null && !dryRun.running && (
        <ErrorCallout error={dryRun.error} title="The dry run failed, as a run would." />
      )}
      {result && (
        <div className="flex flex-col gap-4">
          {stale && <p className="text-caution text-sm">The sync has changed since this dry run.</p>}
          <DryRunView result={result} />
        </div>
      )}
    </section>
  );
}
