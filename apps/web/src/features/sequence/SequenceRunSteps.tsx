'use client';

import type { SequenceRunStepView, SequenceRunView } from '@sluice/domain/sequence';
import { Status } from '@sluice/ui/Status';
import { TextLink } from '@sluice/ui/TextLink';
import { durationText } from '@sluice/ui/Time';
import { CircleDashed, CircleX } from 'lucide-react';
import { RunStatusBadge } from '#features/run/RunStatusBadge.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { isUnderWay, policyText } from './sequence-words.ts';

const number = new Intl.NumberFormat('en');

/** The steps of a run in order: status, sync, rows, policy, and the way to the run of the sync. */
export function SequenceRunSteps({ run }: { run: SequenceRunView }) {
  const { paths } = useWorkspace();
  return (
    <ol className="flex flex-col divide-y rounded-md border" aria-label="Steps of the run">
      {run.steps.map((step) => (
        <li key={step.position} className="flex items-start gap-3 px-3 py-2.5">
          <span className="tabular shrink-0 text-faint text-sm">{step.position + 1}</span>
          <div className="flex min-w-0 flex-1 flex-col gap-0.5">
            <TextLink href={paths.syncs.detail(step.syncId)}>{step.syncSlug}</TextLink>
            <span className="text-faint text-xs">{policyText(step.policy)}</span>
            {step.runId !== null && (
              <span className="text-faint text-xs">
                {facts(step)}
                <TextLink href={paths.runs.detail(step.runId)}>Run {step.runId}</TextLink>
              </span>
            )}
            {step.error && <span className="text-critical text-xs">{step.error.message}</span>}
          </div>
          <StepStatus step={step} waits={isUnderWay(run.status)} />
        </li>
      ))}
    </ol>
  );
}

function StepStatus({ step, waits }: { step: SequenceRunStepView; waits: boolean }) {
  if (step.status) return <RunStatusBadge status={step.status} />;
  if (step.error || step.runId !== null) {
    const description = step.error ? 'The step could not begin.' : 'The run was removed with its sync.';
    return <Status tone="critical" icon={<CircleX />} label="Did not run" description={description} />;
  }
  return (
    <Status
      tone="neutral"
      icon={<CircleDashed />}
      label={waits ? 'Waits' : 'Not run'}
      description={
        waits ? 'Starts when the step before it has ended.' : 'The sequence ended before this step.'
      }
    />
  );
}

/** `3 of 120 rows rejected · 4 s · `. */
function facts({ plannedRows, rejectedRows, startedAt, finishedAt }: SequenceRunStepView): string {
  const parts = [
    rejectedRows > 0 && `${number.format(rejectedRows)} of ${number.format(plannedRows)} rows rejected`,
    startedAt && finishedAt && durationText(finishedAt.getTime() - startedAt.getTime()),
  ].filter(Boolean);
  return parts.map((part) => `${part} · `).join('');
}
