'use client';

import { Button } from '@sluice/ui/Button';
import { Card } from '@sluice/ui/Card';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { Page } from '@sluice/ui/Page';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { parseAsInteger, parseAsStringLiteral, useQueryState, useQueryStates } from 'nuqs';
import { useEffect, useRef, useState } from 'react';
import { useStoredState } from '#features/list/use-stored-state.ts';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { shownError } from '#trpc/error.ts';
import { DestinationStep } from './DestinationStep.tsx';
import {
  firstOpenStep,
  type Problems,
  stepProblems,
  type WizardStep,
  wizardSteps,
} from './draft-problems.ts';
import { focusFirstProblem } from './focus-problem.ts';
import { MappingStep } from './MappingStep.tsx';
import { ModelStep } from './ModelStep.tsx';
import { ObjectStep } from './ObjectStep.tsx';
import { ReviewStep } from './ReviewStep.tsx';
import { ScheduleFields } from './ScheduleFields.tsx';
import type { StepProps } from './step-props.ts';
import {
  changeDestination,
  changeModel,
  emptySyncDraft,
  SyncDraft,
  syncConfigurationOf,
} from './sync-draft.ts';
import { useDraftFacts } from './use-draft-facts.ts';
import { stepLabels, WizardNav } from './WizardNav.tsx';

/** Writes a sync step by step. The step is in the address, the draft in this browser: a reload loses nothing. */
export function SyncWizard() {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { slug, paths, whyNot } = useWorkspace();
  const [step, setStep] = useQueryState(
    'step',
    parseAsStringLiteral(wizardSteps).withDefault('model').withOptions({ history: 'push', scroll: true }),
  );
  const [start, setStart] = useQueryStates({ model: parseAsInteger, destination: parseAsInteger });
  const stored = useStoredState(`sluice:${slug}:new-sync`, SyncDraft, emptySyncDraft);
  const draft = stored.value;
  const [attempted, setAttempted] = useState<WizardStep | null>(null);
  const [discarding, setDiscarding] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const queries = useDraftFacts(draft);
  const open = firstOpenStep(draft, queries.facts);

  // Links such as "Create a sync" of a model name where the wizard starts; the draft takes it over once.
  const { loaded, setValue } = stored;
  useEffect(() => {
    if (!loaded || (start.model === null && start.destination === null)) return;
    setValue((before) => {
      const withModel = start.model === null ? before : changeModel(before, start.model);
      return start.destination === null ? withModel : changeDestination(withModel, start.destination);
    });
    void setStart({ model: null, destination: null });
  }, [loaded, start, setStart, setValue]);

  const create = useMutation(trpc.sync.create.mutationOptions());
  const trigger = useMutation(trpc.sync.trigger.mutationOptions());
  const refused = create.error ? shownError(create.error).fields : undefined;
  const problems: Problems = {
    ...refused,
    ...(attempted === step ? stepProblems(step, draft, queries.facts) : {}),
  };
  const index = wizardSteps.indexOf(step);
  const next = wizardSteps[index + 1];
  const previous = wizardSteps[index - 1];

  const goOn = () => {
    setAttempted(step);
    if (Object.keys(stepProblems(step, draft, queries.facts)).length > 0) {
      focusFirstProblem(body.current);
      return;
    }
    if (next) void setStep(next);
  };
  const save = async (andRun: boolean) => {
    setAttempted(step);
    const configuration = syncConfigurationOf(draft);
    if (open !== null) {
      setAttempted(open);
      void setStep(open);
      return;
    }
    if (!configuration || draft.modelId === null || draft.destinationId === null) return;
    try {
      const sync = await create.mutateAsync({
        modelId: draft.modelId,
        destinationId: draft.destinationId,
        configuration,
        schedule: draft.schedule,
        ...(draft.slug !== '' && { slug: draft.slug }),
      });
      stored.clear();
      toast.success({ title: `Created ${sync.slug}.` });
      void queryClient.invalidateQueries({ queryKey: trpc.sync.pathKey() });
      if (!andRun) {
        router.push(paths.syncs.detail(sync.id));
        return;
      }
      try {
        const run = await trigger.mutateAsync({ id: sync.id });
        router.push(paths.runs.detail(run.id));
      } catch (thrown) {
        toast.error({
          title: 'The sync was created, but did not start.',
          description: shownError(thrown).message,
        });
        router.push(paths.syncs.detail(sync.id));
      }
    } catch {
      // Shown from `create.error`, at the step that it belongs to.
    }
  };

  const props: StepProps = {
    draft,
    onChange: (changed) => {
      create.reset();
      stored.setValue(changed);
    },
    queries,
    problems,
    syncId: null,
  };
  const denied = whyNot('sync.write');
  const saving = create.isPending || trigger.isPending;
  const refusedStep = refused && stepOfFields(Object.keys(refused));
  return (
    <Page
      width="detail"
      title="Create a sync"
      description="A sync sends the rows of a model to a destination, and keeps them up to date there."
      actions={
        <Button variant="ghost" onClick={() => setDiscarding(true)}>
          Discard the draft
        </Button>
      }
    >
      <PageTitle parts={[stepLabels[step], 'Create a sync']} />
      <WizardNav current={step} open={open} hrefOf={(target) => `${paths.syncs.new}?step=${target}`} />
      {!loaded ? (
        <SkeletonLines lines={8} />
      ) : (
        <div ref={body} className="flex min-w-0 flex-col gap-4">
          {step === 'review' ? (
            <ReviewStep {...props} />
          ) : step === 'mapping' && queries.facts.object?.mapping === 'template' ? (
            <MappingStep {...props} />
          ) : (
            <Card title={headings[step].title} description={headings[step].description}>
              {step === 'model' && <ModelStep {...props} />}
              {step === 'destination' && <DestinationStep {...props} />}
              {step === 'object' && <ObjectStep {...props} />}
              {step === 'mapping' && <MappingStep {...props} />}
              {step === 'schedule' && (
                <ScheduleFields
                  schedule={draft.schedule}
                  onChange={(schedule) => props.onChange({ ...draft, schedule })}
                  problem={stepProblems('schedule', draft, queries.facts).schedule}
                />
              )}
            </Card>
          )}
          {create.error != null && (
            <ErrorCallout error={create.error} title="The sync was not created.">
              {refusedStep && refusedStep !== step && (
                <Button size="sm" onClick={() => void setStep(refusedStep)}>
                  Go to {stepLabels[refusedStep].toLowerCase()}
                </Button>
              )}
            </ErrorCallout>
          )}
          <div className="sticky bottom-0 z-sticky -mx-4 flex flex-wrap items-center justify-between gap-2 border-t bg-canvas px-4 py-3 sm:mx-0 sm:px-0">
            {previous ? <Button onClick={() => void setStep(previous)}>Back</Button> : <span />}
            {step === 'review' ? (
              <div className="flex flex-wrap gap-2">
                <Button loading={saving} disabledReason={denied} onClick={() => void save(false)}>
                  Create sync
                </Button>
                <Button
                  variant="primary"
                  loading={saving}
                  disabledReason={denied ?? whyNot('sync.trigger')}
                  onClick={() => void save(true)}
                >
                  Create and run
                </Button>
              </div>
            ) : (
              <Button variant="primary" onClick={goOn}>
                Continue
              </Button>
            )}
          </div>
        </div>
      )}
      <ConfirmDialog
        open={discarding}
        onOpenChange={setDiscarding}
        title="Discard the draft?"
        action="Discard"
        onConfirm={() => {
          stored.setValue(emptySyncDraft());
          setDiscarding(false);
          setAttempted(null);
          create.reset();
          void setStep('model');
        }}
      >
        Everything entered in the six steps is forgotten.
      </ConfirmDialog>
    </Page>
  );
}

const headings: Record<Exclude<WizardStep, 'review'>, { title: string; description: string }> = {
  model: { title: 'Which rows?', description: 'The model whose rows are sent.' },
  destination: { title: 'Where to?', description: 'The destination that gets them.' },
  object: {
    title: 'What becomes of a row?',
    description: 'What is written, and what happens to added, changed and removed rows.',
  },
  mapping: {
    title: 'Which values?',
    description: 'How a row of the model becomes a record of the destination.',
  },
  schedule: { title: 'When?', description: 'A run never overlaps the one before; a missed time runs once.' },
};

/** The first step that one of the API's field paths belongs to. */
function stepOfFields(paths: readonly string[]): WizardStep | null {
  const steps = paths.map((path): WizardStep => {
    if (path.startsWith('modelId')) return 'model';
    if (path.startsWith('destinationId')) return 'destination';
    if (path.startsWith('schedule')) return 'schedule';
    if (/^configuration\.(object|mode|triggers|deleteBehaviour)/.test(path)) return 'object';
    if (path.startsWith('configuration.guards') || path === 'slug') return 'review';
    return 'mapping';
  });
  return wizardSteps.find((step) => steps.includes(step)) ?? null;
}
