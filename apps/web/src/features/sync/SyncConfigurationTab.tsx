'use client';

import type { SyncView } from '@sluice/domain/sync';
import { Button } from '@sluice/ui/Button';
import { Card } from '@sluice/ui/Card';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { EffectDialog } from '#features/effect/EffectDialog.tsx';
import { useEffectQuestion } from '#features/effect/use-effect-question.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC, useTRPCClient } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { shownError } from '#trpc/error.ts';
import { DoubtFields } from './DoubtFields.tsx';
import { DryRunPanel } from './DryRunPanel.tsx';
import { draftInput } from './draft-input.ts';
import { type Problems, stepProblems } from './draft-problems.ts';
import { focusFirstProblem } from './focus-problem.ts';
import { GuardFields } from './GuardFields.tsx';
import { MappingStep } from './MappingStep.tsx';
import { ObjectStep } from './ObjectStep.tsx';
import { useCurrentSync } from './SyncFrame.tsx';
import type { StepProps } from './step-props.ts';
import { syncConfigurationOf, syncDraftOf } from './sync-draft.ts';
import { useCannotTellRepeat } from './use-cannot-tell-repeat.ts';
import { useDraftFacts } from './use-draft-facts.ts';

/** Changes what a sync sends, in the same parts as the wizard, with the effect on the next run said first. */
export function SyncConfigurationTab() {
  const sync = useCurrentSync();
  const [version, setVersion] = useState(0);
  return <Editor key={`${sync.id}-${version}`} sync={sync} onReset={() => setVersion(version + 1)} />;
}

function Editor({ sync, onReset }: { sync: SyncView; onReset: () => void }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const { whyNot } = useWorkspace();
  const [start] = useState(() => syncDraftOf(sync));
  const [draft, setDraft] = useState(start);
  const [attempted, setAttempted] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const queries = useDraftFacts(draft);
  const cannotTellRepeat = useCannotTellRepeat(sync.destinationType);
  const update = useMutation(
    trpc.sync.update.mutationOptions({
      onSuccess: async (saved) => {
        queryClient.setQueryData(trpc.sync.get.queryKey({ id: sync.id }), saved);
        toast.success({ title: `Saved ${saved.slug}.` });
        onReset();
        await queryClient.invalidateQueries({ queryKey: trpc.sync.pathKey() });
      },
    }),
  );
  const local: Problems = {
    ...stepProblems('object', draft, queries.facts),
    ...stepProblems('mapping', draft, queries.facts),
  };
  const problems: Problems = {
    ...(update.error ? shownError(update.error).fields : undefined),
    ...(attempted ? local : {}),
  };
  const before = syncConfigurationOf(start);
  const after = syncConfigurationOf(draft);
  const changed = JSON.stringify(before) !== JSON.stringify(after);
  const props: StepProps = {
    draft,
    onChange: (next) => {
      update.reset();
      setDraft(next);
    },
    queries,
    problems,
    syncId: sync.id,
  };
  const question = useEffectQuestion();
  const save = async () => {
    setAttempted(true);
    if (!after || Object.keys(local).length > 0) {
      focusFirstProblem(body.current);
      return;
    }
    const find = async () => [await client.sync.effectOf.mutate({ id: sync.id, configuration: after })];
    if (await question.ask(find)) update.mutate({ id: sync.id, configuration: after });
  };
  if (!queries.model.data && queries.model.isPending) return <SkeletonLines lines={8} />;
  return (
    <div ref={body} className="flex min-w-0 flex-col gap-4">
      {queries.model.error && (
        <ErrorCallout error={queries.model.error} title="The model of the sync could not be loaded." />
      )}
      <Card title="Object and mode">
        <ObjectStep {...props} />
      </Card>
      {queries.facts.object?.mapping === 'template' ? (
        <MappingStep {...props} />
      ) : (
        <Card title="Mapping">
          <MappingStep {...props} />
        </Card>
      )}
      <div id="guards" className="scroll-mt-16">
        <Card
          title="Guards"
          description="A run that would do more than this stops before it sends anything, and says so."
        >
          <GuardFields guards={draft.guards} onChange={(guards) => props.onChange({ ...draft, guards })} />
        </Card>
      </div>
      <Card
        title="Rows in doubt"
        description="A row that was sent and whose answer was lost may or may not have arrived."
      >
        <DoubtFields
          value={draft.doubt}
          onChange={(doubt) => props.onChange({ ...draft, doubt })}
          cannotTellRepeat={cannotTellRepeat}
        />
      </Card>
      <DryRunPanel input={draftInput(draft, queries.facts, sync.id)} disabledReason={whyNot('sync.write')} />
      <ErrorCallout
        error={question.error}
        title="What the change does to rows that were delivered could not be found out."
      />
      {update.error != null && !question.syncs && (
        <ErrorCallout error={update.error} title="The sync was not saved." />
      )}
      <div className="sticky bottom-0 z-sticky -mx-4 flex flex-wrap items-center justify-end gap-3 border-t bg-canvas px-4 py-3 sm:mx-0 sm:px-0">
        {changed && <Button onClick={onReset}>Discard changes</Button>}
        <Button
          variant="primary"
          loading={update.isPending || question.asking}
          disabledReason={whyNot('sync.write') ?? (changed ? null : 'Nothing has changed.')}
          onClick={() => void save()}
        >
          Save changes
        </Button>
      </div>
      {question.syncs && after && (
        <EffectDialog
          title="What the change does"
          syncs={question.syncs}
          namesSyncs={false}
          saving={update.isPending}
          error={update.error}
          onSave={(rollout) =>
            update.mutate({ id: sync.id, configuration: after, ...(rollout && { rollout }) })
          }
          onClose={question.close}
        />
      )}
    </div>
  );
}
