'use client';

import { Schedule } from '@sluice/domain/schedule';
import { Button } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import { Card } from '@sluice/ui/Card';
import { Time } from '@sluice/ui/Time';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { stepProblems } from './draft-problems.ts';
import { MissedSchedules } from './MissedSchedules.tsx';
import { ScheduleFields } from './ScheduleFields.tsx';
import { useCurrentSync } from './SyncFrame.tsx';
import { syncDraftOf } from './sync-draft.ts';

/** When the sync runs by itself. */
export function SyncScheduleTab() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { whyNot } = useWorkspace();
  const sync = useCurrentSync();
  const [schedule, setSchedule] = useState(sync.schedule);
  const update = useMutation(
    trpc.sync.update.mutationOptions({
      onSuccess: async (saved) => {
        queryClient.setQueryData(trpc.sync.get.queryKey({ id: sync.id }), saved);
        setSchedule(saved.schedule);
        toast.success({ title: 'Saved the schedule.' });
        await queryClient.invalidateQueries({ queryKey: trpc.sync.pathKey() });
      },
    }),
  );
  const problem = stepProblems(
    'schedule',
    { ...syncDraftOf(sync), schedule },
    { columns: null, object: null },
  ).schedule;
  const changed = JSON.stringify(schedule) !== JSON.stringify(sync.schedule);
  const save = () => {
    const parsed = Schedule.nullable().safeParse(schedule);
    if (problem === undefined && parsed.success) update.mutate({ id: sync.id, schedule: parsed.data });
  };
  return (
    <div className="flex flex-col gap-4">
      {sync.disabled && (
        <Callout tone="caution" title="The sync is disabled.">
          Its schedule is kept, and nothing runs until the sync is enabled.
        </Callout>
      )}
      <Card
        title="Schedule"
        description={
          sync.nextRunAt ? (
            <>
              Next run <Time at={sync.nextRunAt} />. A run never overlaps the one before; a missed time runs
              once.
            </>
          ) : (
            'A run never overlaps the one before; a missed time runs once.'
          )
        }
        footer={
          <>
            {changed && (
              <Button
                onClick={() => {
                  setSchedule(sync.schedule);
                  update.reset();
                }}
              >
                Discard changes
              </Button>
            )}
            <Button
              variant="primary"
              loading={update.isPending}
              disabledReason={whyNot('sync.write') ?? (changed ? null : 'Nothing has changed.')}
              onClick={save}
            >
              Save schedule
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          <ScheduleFields schedule={schedule} onChange={setSchedule} problem={problem} />
          {update.error != null && <ErrorCallout error={update.error} title="The schedule was not saved." />}
        </div>
      </Card>
      <MissedSchedules syncId={sync.id} />
    </div>
  );
}
