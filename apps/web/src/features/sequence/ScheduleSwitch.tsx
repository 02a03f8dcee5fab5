'use client';

import type { SequenceView } from '@sluice/domain/sequence';
import { Switch } from '@sluice/ui/Switch';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { useAction } from '#trpc/use-action.ts';
import { useShownAtOnce } from '#trpc/use-shown-at-once.ts';

/** Lets the schedule of a sequence rest, and takes it up again. It can be run by hand all the while. */
export function ScheduleSwitch({ sequence }: { sequence: SequenceView }) {
  const trpc = useTRPC();
  const { whyNot } = useWorkspace();
  const shown = useShownAtOnce(sequence, {
    view: trpc.sequence.get.queryKey({ id: sequence.id }),
    all: trpc.sequence.pathKey(),
  });
  const toggle = useAction(trpc.sequence.update.mutationOptions(shown), {
    failure: 'The sequence was not changed.',
  });
  return (
    <Switch
      label={sequence.disabled ? 'Schedule paused' : 'Schedule on'}
      checked={!sequence.disabled}
      disabled={whyNot('sync.write') !== null}
      onChange={(on) => toggle.mutate({ id: sequence.id, disabled: !on })}
    />
  );
}
