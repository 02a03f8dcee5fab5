'use client';

import type { OverviewView } from '@sluice/domain/workspace';
import { Button, ButtonLink } from '@sluice/ui/Button';
import { Card } from '@sluice/ui/Card';
import { classNames } from '@sluice/ui/class-names';
import { Link } from '@sluice/ui/Link';
import { Check, ChevronRight } from 'lucide-react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { stepWords } from './getting-started-steps.ts';
import { useDismissed } from './use-dismissed.ts';

type Step = OverviewView['steps'][number];

/** The way to the first own sync. Points at the next step; gone when all are done, or when one hides it. */
export function GettingStarted({ steps }: { steps: readonly Step[] }) {
  const { slug, can } = useWorkspace();
  const [dismissed, dismiss] = useDismissed(`sluice:getting-started:${slug}`);
  const mine = steps.filter((step) => can(stepWords[step.id].permission));
  const next = mine.find((step) => !step.done);
  if (!next || dismissed) return null;
  const done = mine.filter((step) => step.done).length;
  return (
    <Card
      flush
      title="Getting started"
      description={`${done} of ${mine.length} done`}
      actions={
        <Button variant="ghost" size="sm" onClick={dismiss}>
          Hide
        </Button>
      }
    >
      <ol className="border-t">
        {mine.map((step) => (
          <StepRow key={step.id} step={step} isNext={step === next} />
        ))}
      </ol>
    </Card>
  );
}

function StepRow({ step, isNext }: { step: Step; isNext: boolean }) {
  const { paths } = useWorkspace();
  const words = stepWords[step.id];
  const href = words.href(paths);
  return (
    <li
      className={classNames(
        'relative flex items-center gap-3 border-b px-4 last:border-b-0 max-sm:flex-wrap',
        isNext ? 'bg-accent-soft py-3.5' : 'py-2.5 transition-colors hover:bg-hover',
      )}
    >
      <StepMark done={step.done} isNext={isNext} />
      <div className="min-w-0 flex-1 basis-56">
        {isNext ? (
          <>
            <p className="font-semibold text-ink text-sm">{words.title}</p>
            <p className="text-pretty text-muted text-sm">{words.why}</p>
          </>
        ) : (
          <Link
            href={href}
            className={classNames(
              'rounded-sm text-sm outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2',
              step.done ? 'text-faint' : 'text-ink',
            )}
          >
            {words.title}
          </Link>
        )}
      </div>
      {isNext ? (
        <ButtonLink variant="primary" href={href}>
          {words.action}
        </ButtonLink>
      ) : (
        <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-faint" />
      )}
    </li>
  );
}

function StepMark({ done, isNext }: { done: boolean; isNext: boolean }) {
  return (
    <span
      className={classNames(
        'flex size-5 shrink-0 items-center justify-center rounded-full border',
        done && 'border-positive-line bg-positive-soft text-positive',
        !done && (isNext ? 'border-accent' : 'border-line-strong'),
      )}
    >
      {done && <Check aria-hidden="true" className="size-3" strokeWidth={3} />}
      {isNext && <span aria-hidden="true" className="size-2 rounded-full bg-accent" />}
      <span className="sr-only">{done ? 'Done: ' : isNext ? 'Next: ' : 'Later: '}</span>
    </span>
  );
}
