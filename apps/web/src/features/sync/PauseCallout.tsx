'use client';

import type { SyncView } from '@sluice/domain/sync';
import { isHeld } from '@sluice/domain/sync-health';
import { Button, ButtonLink } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import { TextLink } from '@sluice/ui/TextLink';
import { Time } from '@sluice/ui/Time';
import { Play } from 'lucide-react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { GuardQuestion } from './GuardQuestion.tsx';
import { pauseTitle, resumeWords } from './pause-words.ts';
import { usePauseSync } from './use-pause-sync.ts';

/** Why the schedule of the sync holds still, until when, and what to do about it; nothing while it goes on. */
export function PauseCallout({ sync }: { sync: SyncView }) {
  const { paths, whyNot } = useWorkspace();
  const { resume } = usePauseSync();
  const { pause } = sync;
  const now = new Date();
  if (!pause || sync.disabled) return null;
  if (pause.waitsFor === 'decision' && pause.kind === 'waits' && pause.runId !== null) {
    return <GuardQuestion syncId={sync.id} runId={pause.runId} message={pause.message} />;
  }
  const place = placeOf(sync, paths);
  return (
    <Callout
      tone={pause.kind === 'waits' ? 'critical' : 'caution'}
      title={
        <>
          {isHeld(pause, now) ? pauseTitle(pause) : 'The schedule tries again now'}
          {pause.until && isHeld(pause, now) && (
            <>
              : <Time at={pause.until} />
            </>
          )}
        </>
      }
      actions={
        <>
          {place && (
            <ButtonLink variant="primary" size="sm" href={place.href}>
              {place.label}
            </ButtonLink>
          )}
          <Button
            size="sm"
            loading={resume.isPending}
            disabledReason={whyNot('sync.trigger')}
            onClick={() => resume.mutate({ id: sync.id })}
          >
            <Play />
            Resume now
          </Button>
        </>
      }
    >
      <p>
        {pause.message} {pause.kind !== 'person' && pause.fix}
      </p>
      <p>
        {resumeWords(pause)} Paused <Time at={pause.since} />
        {sync.failures > 1 && `, ${sync.failures} failed runs in a row`}
        {pause.runId !== null && (
          <>
            , see <TextLink href={paths.runs.detail(pause.runId)}>run {pause.runId}</TextLink>
          </>
        )}
        . Runs by hand, by the API and by sequences start as ever.
      </p>
    </Callout>
  );
}

/** Where the reason can be put right. */
function placeOf(sync: SyncView, paths: ReturnType<typeof useWorkspace>['paths']) {
  switch (sync.pause?.waitsFor) {
    case 'source':
      return { label: `Open ${sync.sourceName}`, href: paths.sources.detail(sync.sourceId) };
    case 'destination':
      return { label: `Open ${sync.destinationName}`, href: paths.destinations.detail(sync.destinationId) };
    case 'model':
      return { label: `Open ${sync.modelName}`, href: paths.models.detail(sync.modelId) };
    case 'sync':
      return { label: 'Edit the sync', href: paths.syncs.tab(sync.id, 'configuration') };
    default:
      return null;
  }
}
