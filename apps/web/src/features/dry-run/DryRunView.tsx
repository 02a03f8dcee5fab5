'use client';

import { changeClasses, sentOf, sumCounts } from '@sluice/domain/change';
import type { DryRunResult } from '@sluice/domain/dry-run';
import { Callout } from '@sluice/ui/Callout';
import { durationText } from '@sluice/ui/Time';
import { ClassMark } from '#features/run/ClassMark.tsx';
import { MessageView } from '#features/run/ExchangeView.tsx';
import { DryRunRows } from './DryRunRows.tsx';
import { FieldTotals } from './FieldTotals.tsx';

const number = new Intl.NumberFormat('en');
const rowWords = (rows: number) => (rows === 1 ? '1 row' : `${number.format(rows)} rows`);

/** What a run would do: numbers, what would stop it, and rows by field, old and new. */
export function DryRunView({ result, readsModel = true }: { result: DryRunResult; readsModel?: boolean }) {
  const { counts, invalidKeys } = result;
  const rejected = sumCounts(counts.rejected);
  const held = sumCounts(counts.held);
  return (
    <>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border bg-line sm:grid-cols-4">
        {changeClasses.map((name) => (
          <div key={name} className="bg-surface px-3 py-2.5">
            <dt className="text-muted text-xs">
              <ClassMark name={name} />
            </dt>
            <dd className="tabular font-semibold text-ink text-lg">
              {number.format(sentOf(counts, name))}
              {counts.skipped[name] > 0 && (
                <span className="ml-2 font-normal text-faint text-xs">
                  {number.format(counts.skipped[name])} not sent
                </span>
              )}
            </dd>
          </div>
        ))}
        <div className="bg-surface px-3 py-2.5">
          <dt className="text-muted text-xs">{readsModel ? 'Unchanged' : 'Left alone'}</dt>
          <dd className="tabular font-semibold text-ink text-lg">
            {number.format(readsModel ? counts.unchanged : counts.superseded)}
          </dd>
        </div>
      </dl>
      <p className="text-faint text-xs">
        {readsModel
          ? `${rowWords(counts.queried)} read in ${durationText(result.durationMs)}.`
          : `Planned in ${durationText(result.durationMs)}. Rows are left alone when something newer is known of them.`}
      </p>
      {result.guard && (
        <Callout tone="caution" title="A guard would stop this run">
          {result.guard}
        </Callout>
      )}
      {rejected > 0 && (
        <Callout tone="caution" title={`${rowWords(rejected)} would be rejected by the mapping itself`}>
          The rows below say why.
        </Callout>
      )}
      {held > 0 && (
        <Callout tone="caution" title={`${rowWords(held)} would be held`}>
          Nobody knows whether they arrived the last time. Decide about them on the page of the sync.
        </Callout>
      )}
      {result.matchValueChanges > 0 && (
        <Callout tone="caution" title={`${rowWords(result.matchValueChanges)} would get another match value`}>
          A record with the new value is written; the one with the old value stays at the destination.
        </Callout>
      )}
      {invalidKeys.nulls + invalidKeys.duplicates > 0 && (
        <Callout
          tone="caution"
          title={`${rowWords(invalidKeys.nulls + invalidKeys.duplicates)} would not be sent: their primary key is not usable`}
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
      <FieldTotals fields={result.fields} changedRows={sentOf(counts, 'changed')} />
      <DryRunRows result={result} />
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
