'use client';

import { changeClasses, sumCounts } from '@sluice/domain/change';
import type { DraftSync, DryRunResult } from '@sluice/domain/sync';
import { Button } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import { Spinner } from '@sluice/ui/Spinner';
import { durationText } from '@sluice/ui/Time';
import { FlaskConical, Square } from 'lucide-react';
import { useCancellable } from '#features/model/use-cancellable.ts';
import { ClassMark } from '#features/run/ClassMark.tsx';
import { MessageView } from '#features/run/ExchangeView.tsx';
import { RecordTable } from '#features/run/RecordTable.tsx';
import { useTRPCClient } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

const number = new Intl.NumberFormat('en');

/** Plans a run without sending anything: counts, samples, the first requests, and whether a guard would stop it. */
export function DryRunPanel({
  input,
  disabledReason,
}: {
  input: DraftSync | null;
  disabledReason: string | null;
}) {
  const client = useTRPCClient();
  const dryRun = useCancellable<DraftSync, DryRunResult>((draft, signal) =>
    client.sync.dryRun.mutate(draft, { signal }),
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
      {dryRun.running && (
        <p role="status" className="flex items-center gap-2 text-muted text-sm">
          <Spinner /> Reading all rows of the model and comparing them with what was delivered…
        </p>
      )}
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

function DryRunView({ result }: { result: DryRunResult }) {
  const { counts, invalidKeys } = result;
  const rejected = sumCounts(counts.rejected);
  return (
    <>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border bg-line sm:grid-cols-4">
        {changeClasses.map((name) => (
          <div key={name} className="bg-surface px-3 py-2.5">
            <dt className="text-muted text-xs">
              <ClassMark name={name} />
            </dt>
            <dd className="tabular font-semibold text-ink text-lg">
              {number.format(counts.planned[name] - counts.skipped[name])}
              {counts.skipped[name] > 0 && (
                <span className="ml-2 font-normal text-faint text-xs">
                  {number.format(counts.skipped[name])} not sent
                </span>
              )}
            </dd>
          </div>
        ))}
        <div className="bg-surface px-3 py-2.5">
          <dt className="text-muted text-xs">Unchanged</dt>
          <dd className="tabular font-semibold text-ink text-lg">{number.format(counts.unchanged)}</dd>
        </div>
      </dl>
      <p className="text-faint text-xs">
        {number.format(counts.queried)} rows read in {durationText(result.durationMs)}.
      </p>
      {result.guard && (
        <Callout tone="caution" title="A guard would stop this run">
          {result.guard}
        </Callout>
      )}
      {rejected > 0 && (
        <Callout
          tone="caution"
          title={`${number.format(rejected)} rows would be rejected by the mapping itself`}
        >
          The samples below say why.
        </Callout>
      )}
      {invalidKeys.nulls + invalidKeys.duplicates > 0 && (
        <Callout
          tone="caution"
          title={`${number.format(invalidKeys.nulls + invalidKeys.duplicates)} rows would not be sent: their primary key is not usable`}
        >
          {number.format(invalidKeys.nulls)} without a key, {number.format(invalidKeys.duplicates)} that share
          theirs.
          {invalidKeys.examples.length > 0 && (
            <>
              {' '}
              Shared: <code className="font-mono text-ink text-xs">{invalidKeys.examples.join(', ')}</code>
            </>
          )}
        </Callout>
      )}
      {changeClasses
        .filter((name) => result.samples[name].length > 0)
        .map((name) => (
          <details key={name} className="rounded-md border">
            <summary className="focus-ring rounded-md px-3 py-2 text-sm hover:bg-hover">
              <ClassMark name={name} />{' '}
              <span className="text-faint">{result.samples[name].length} examples</span>
            </summary>
            <ul className="flex flex-col divide-y border-t">
              {result.samples[name].map((sample, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: samples never move
                <li key={index} className="flex flex-col gap-2 p-3">
                  <span className="font-mono text-ink text-xs">{sample.key ?? 'NULL'}</span>
                  {sample.error !== null && (
                    <p className="wrap-anywhere text-critical text-sm">Would be rejected: {sample.error}</p>
                  )}
                  <RecordTable
                    label={`Row ${sample.key ?? 'without key'}`}
                    row={sample.record && Object.keys(sample.record).length > 0 ? sample.record : sample.row}
                  />
                </li>
              ))}
            </ul>
          </details>
        ))}
      {result.requests.length > 0 && (
        <details className="rounded-md border">
          <summary className="focus-ring rounded-md px-3 py-2 text-sm hover:bg-hover">
            The first {result.requests.length === 1 ? 'request' : `${result.requests.length} requests`}
          </summary>
          <div className="flex flex-col divide-y border-t">
            {result.requests.map((request, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: requests of a dry run never move
              <div key={index} className="p-3">
                <MessageView message={request} />
              </div>
            ))}
          </div>
        </details>
      )}
    </>
  );
}
