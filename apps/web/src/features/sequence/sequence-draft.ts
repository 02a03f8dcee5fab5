import type { Schedule } from '@sluice/domain/schedule';
import { CreateSequence, type SequenceView, type StepPolicy } from '@sluice/domain/sequence';
import type { z } from 'zod';
import { scheduleProblems } from '#features/sync/draft-problems.ts';

export interface StepDraft {
  /** Tells steps apart while they are moved: the same sync may stand twice. */
  key: number;
  syncId: number | null;
  policy: StepPolicy;
}

export interface SequenceDraft {
  name: string;
  steps: StepDraft[];
  schedule: Schedule | null;
}

/** A step without a sync, with the policy that most people want. */
export const emptyStep = (steps: readonly StepDraft[]): StepDraft => ({
  key: Math.max(0, ...steps.map(({ key }) => key)) + 1,
  syncId: null,
  policy: { type: 'stop_on_fatal' },
});

export const emptySequence = (): SequenceDraft => ({ name: '', steps: [emptyStep([])], schedule: null });

/** A saved sequence as a draft. */
export const sequenceDraftOf = ({ name, steps, schedule }: SequenceView): SequenceDraft => ({
  name,
  steps: steps.map(({ syncId, policy }, key) => ({ key, syncId, policy })),
  schedule,
});

type SequenceInput = z.output<typeof CreateSequence>;

/** The draft as the API takes it, or what is wrong, by field: `name`, `steps`, `steps.0.syncId`, `schedule`. */
export function readSequenceDraft(
  draft: SequenceDraft,
): { input: SequenceInput; problems: null } | { input: null; problems: Record<string, string> } {
  const problems: Record<string, string> = { ...scheduleProblems(draft) };
  draft.steps.forEach(({ syncId }, index) => {
    if (syncId === null) problems[`steps.${index}.syncId`] = 'Choose a sync.';
  });
  const steps = draft.steps.map(({ syncId, policy }) => ({ syncId: syncId ?? 1, policy }));
  const parsed = CreateSequence.safeParse({ ...draft, steps });
  for (const issue of parsed.error?.issues ?? []) {
    const path = issue.path[0] === 'schedule' ? 'schedule' : issue.path.join('.');
    problems[path] ??= issue.message;
  }
  if (!parsed.success || Object.keys(problems).length > 0) return { input: null, problems };
  return { input: parsed.data, problems: null };
}

/** The steps with one of them moved by `by` places; the same list where it cannot move. */
export function moveStep(steps: readonly StepDraft[], index: number, by: -1 | 1): StepDraft[] {
  const moved = [...steps];
  const [step] = moved.splice(index, 1);
  const to = index + by;
  if (!step || to < 0 || to >= steps.length) return [...steps];
  moved.splice(to, 0, step);
  return moved;
}
