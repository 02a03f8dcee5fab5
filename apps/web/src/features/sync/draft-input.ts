import type { DraftSync } from '@sluice/domain/sync';
import { type DraftFacts, stepProblems } from './draft-problems.ts';
import { type SyncDraft, syncConfigurationOf } from './sync-draft.ts';

/** The draft as preview, test and dry run want it; `null` while something is missing for that. */
export function draftInput(draft: SyncDraft, facts: DraftFacts, syncId: number | null): DraftSync | null {
  const configuration = syncConfigurationOf(draft);
  if (!configuration || draft.modelId === null || draft.destinationId === null || !facts.object) return null;
  const open = (['object', 'mapping'] as const).some(
    (step) => Object.keys(stepProblems(step, draft, facts)).length > 0,
  );
  if (open) return null;
  return {
    ...(syncId !== null && { id: syncId }),
    modelId: draft.modelId,
    destinationId: draft.destinationId,
    configuration,
  };
}
