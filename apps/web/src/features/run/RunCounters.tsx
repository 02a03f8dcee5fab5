'use client';

import {
  type ChangeClass,
  type ClassCounts,
  changeClasses,
  type RowOutcome,
  type RunCounts,
  sumCounts,
} from '@sluice/domain/change';
import { classNames } from '@sluice/ui/class-names';
import { Link } from '@sluice/ui/Link';
import { ClassMark } from './ClassMark.tsx';
import { outcomeWords } from './outcome-words.tsx';

const number = new Intl.NumberFormat('en');

interface Line {
  outcome: RowOutcome;
  counts: ClassCounts;
  /** Shown although nothing is counted. */
  always: boolean;
}

/**
 * What became of every planned row: added, changed and removed times the outcome. Each number leads to its rows.
 * `hrefOf` is null for people who may not see rows.
 */
export function RunCounters({
  counts,
  hrefOf,
}: {
  counts: RunCounts;
  hrefOf: ((filter: { class?: ChangeClass; outcome?: RowOutcome }) => string) | null;
}) {
  const lines: Line[] = [
    { outcome: 'delivered', counts: counts.delivered, always: true },
    { outcome: 'rejected', counts: counts.rejected, always: true },
    { outcome: 'uncertain', counts: counts.uncertain, always: false },
    { outcome: 'held', counts: counts.held, always: false },
    { outcome: 'skipped', counts: counts.skipped, always: false },
    { outcome: 'not_attempted', counts: counts.notAttempted, always: false },
  ];
  const shown = lines.filter((line) => line.always || sumCounts(line.counts) > 0);
  return (
    <div className="min-w-0 overflow-x-auto">
      <table aria-label="Rows by class and outcome" className="w-full text-sm">
        <thead>
          <tr className="border-b">
            <td className="py-1.5 pr-3 text-faint text-xs" />
            {changeClasses.map((name) => (
              <th
                key={name}
                scope="col"
                className="px-1 py-1.5 text-right font-medium text-muted text-xs sm:px-2"
              >
                <ClassMark name={name} narrow />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((line) => {
            const words = outcomeWords[line.outcome];
            return (
              <tr key={line.outcome} className="border-b last:border-b-0">
                <th scope="row" className="py-1.5 pr-2 text-left font-medium">
                  <span
                    className="inline-flex items-center gap-1.5 whitespace-nowrap"
                    title={words.description}
                  >
                    {words.icon}
                    {words.label}
                  </span>
                </th>
                {changeClasses.map((name) => (
                  <td key={name} className="py-1 text-right sm:px-1">
                    <Count
                      value={line.counts[name]}
                      label={`${words.label} ${name} rows`}
                      critical={line.outcome === 'rejected'}
                      href={hrefOf?.({ class: name, outcome: line.outcome }) ?? null}
                    />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr className="border-t border-line-strong text-muted">
            <th scope="row" className="py-1.5 pr-2 text-left font-medium">
              Planned
            </th>
            {changeClasses.map((name) => (
              <td key={name} className="py-1 text-right sm:px-1">
                <Count
                  value={counts.planned[name]}
                  label={`Planned ${name} rows`}
                  critical={false}
                  href={hrefOf?.({ class: name }) ?? null}
                />
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Count({
  value,
  label,
  critical,
  href,
}: {
  value: number;
  label: string;
  critical: boolean;
  href: string | null;
}) {
  const look = classNames(
    'tabular inline-block min-w-8 rounded-md px-1 py-0.5 sm:min-w-12 sm:px-2 text-right',
    value === 0 ? 'text-faint' : critical ? 'font-medium text-critical' : 'font-medium text-ink',
  );
  if (value === 0 || href === null) return <span className={look}>{number.format(value)}</span>;
  return (
    <Link
      href={href}
      aria-label={`${number.format(value)}: ${label}`}
      className={classNames(
        look,
        'focus-ring underline decoration-line-strong underline-offset-3 hover:bg-hover',
      )}
    >
      {number.format(value)}
    </Link>
  );
}
