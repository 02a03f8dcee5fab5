'use client';

import { classNames } from '@sluice/ui/class-names';
import { Link } from '@sluice/ui/Link';
import { Check } from 'lucide-react';
import { type WizardStep, wizardSteps } from './draft-problems.ts';

export const stepLabels: Record<WizardStep, string> = {
  model: 'Model',
  destination: 'Destination',
  object: 'Object and mode',
  mapping: 'Mapping',
  schedule: 'Schedule',
  review: 'Review',
};

/** The steps in order; every step up to the first open one can be gone to. */
export function WizardNav({
  current,
  open,
  hrefOf,
}: {
  current: WizardStep;
  /** The first step that is not complete; `null` when all are. */
  open: WizardStep | null;
  hrefOf: (step: WizardStep) => string;
}) {
  const reachable = open === null ? wizardSteps.length - 1 : wizardSteps.indexOf(open);
  return (
    <nav aria-label="Steps" className="-mx-4 overflow-x-auto px-4 sm:mx-0 sm:px-0">
      <ol className="flex gap-1 sm:gap-2">
        {wizardSteps.map((step, index) => {
          const done = index < reachable;
          const isCurrent = step === current;
          const content = (
            <>
              <span
                aria-hidden="true"
                className={classNames(
                  'flex size-5 shrink-0 items-center justify-center rounded-full border text-2xs',
                  isCurrent
                    ? 'border-accent bg-accent text-on-accent'
                    : done
                      ? 'border-accent-line bg-accent-soft text-accent-strong'
                      : 'border-line-strong text-faint',
                )}
              >
                {done && !isCurrent ? <Check className="size-3" /> : index + 1}
              </span>
              <span className={isCurrent ? undefined : 'max-md:sr-only'}>{stepLabels[step]}</span>
              {done && <span className="sr-only">(complete)</span>}
            </>
          );
          const look = classNames(
            'flex items-center gap-2 whitespace-nowrap rounded-md px-2 py-1.5 text-sm',
            isCurrent ? 'font-medium text-ink' : 'text-muted',
          );
          return (
            <li key={step} className="shrink-0">
              {index <= reachable || isCurrent ? (
                <Link
                  href={hrefOf(step)}
                  aria-current={isCurrent ? 'step' : undefined}
                  className={classNames(look, 'focus-ring hover:bg-hover')}
                >
                  {content}
                </Link>
              ) : (
                <span className={classNames(look, 'text-faint')}>{content}</span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
