'use client';

import type { CheckResult } from '@sluice/domain/connector';
import { CodeBlock } from '@sluice/ui/CodeBlock';
import { Spinner } from '@sluice/ui/Spinner';
import { durationText } from '@sluice/ui/Time';
import { CircleAlert, CircleCheck, CircleMinus, CircleX } from 'lucide-react';

const looks = {
  passed: { icon: CircleCheck, color: 'text-positive', word: 'Passed' },
  warning: { icon: CircleAlert, color: 'text-caution', word: 'Warning' },
  failed: { icon: CircleX, color: 'text-critical', word: 'Failed' },
  skipped: { icon: CircleMinus, color: 'text-faint', word: 'Skipped' },
} as const;

/** The named checks of a connection, one line each: what was found, how long it took, and what to do about it. */
export function CheckList({ checks, running }: { checks: readonly CheckResult[]; running: boolean }) {
  return (
    <ol aria-live="polite" aria-busy={running} className="flex flex-col divide-y">
      {running && checks.length === 0 && (
        <li className="flex items-center gap-2 py-2.5 text-muted text-sm">
          <Spinner /> Checking…
        </li>
      )}
      {checks.map((check) => {
        const look = looks[check.status];
        const Icon = look.icon;
        return (
          <li key={check.name} className="flex gap-2.5 py-2.5 text-sm">
            <Icon aria-hidden="true" className={`mt-0.5 size-4 shrink-0 ${look.color}`} />
            <div className="min-w-0 flex-1">
              <div className="flex items-baseline justify-between gap-3">
                <span className="font-medium text-ink">{check.label}</span>
                <span className="tabular shrink-0 text-faint text-xs">
                  {check.status === 'skipped'
                    ? 'Skipped'
                    : `${look.word} · ${durationText(check.durationMs)}`}
                </span>
              </div>
              {check.message && <p className="wrap-anywhere text-muted">{check.message}</p>}
              {check.fix && check.status !== 'passed' && <Fix text={check.fix} />}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** What to do. Lines after the first are statements, to be copied. */
function Fix({ text }: { text: string }) {
  const [first = '', ...rest] = text.split('\n');
  const introduced = first.endsWith(':') && rest.length > 0;
  const statements = introduced ? rest.join('\n') : rest.length > 0 ? text : null;
  return (
    <div className="mt-1 flex min-w-0 flex-col gap-1.5">
      {(introduced || statements === null) && (
        <p className="wrap-anywhere rounded-md bg-sunken px-2.5 py-1.5 text-ink text-xs">{first}</p>
      )}
      {statements !== null && <CodeBlock code={statements} label="Copy the statements" wrap />}
    </div>
  );
}
