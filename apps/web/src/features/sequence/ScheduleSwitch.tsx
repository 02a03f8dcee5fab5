'use client';

import type { SequenceView } from '@sluice/domain/sequence';
import { Switch } from '@sluice/ui/Switch';
import { useQueryClient } from '@tanstack/react-query';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { useAction } from '#trpc/use-action.ts';

/** Lets the schedule of a sequence rest, and takes it up again. It can be run by hand all the while. */
export function ScheduleSwitch({ sequence }: { sequence: SequenceView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { whyNot } = useWorkspace();
  const key = trpc.sequence.get.queryKey({ id: sequence.id });
  const toggle = useAction(
    trpc.sequence.update.mutationOptions({
      onMutate: ({ disabled }) => {
        const before = queryClient.getQueryData(key);
        if (before && disabled !== undefined) queryClient.setQueryData(key, { ...before, disabled });
        return before;
      },
      onError: (_, __, before) => {
        if (before) queryClient.setQueryData(key, before);
      },
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.sequence.pathKey() }),
    }),
    { failure: 'The sequence was not changed.' },
  );
  return (
    <Switch
      label={sequence.disabled ? 'Schedule paused' : 'Schedule on'}
      checked={!sequence.disabled}
      disabled={whyNot('sync.write') !== null}
      onChange={(on) => toggle.mutate({ id: sequence.id, disabled: !on })}
    />
  );
}
