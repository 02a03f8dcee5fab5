import type { Problems } from './draft-problems.ts';
import type { SyncDraft } from './sync-draft.ts';
import type { DraftQueries } from './use-draft-facts.ts';

/** What each step of the wizard, and each part of a sync's configuration, is given. */
export interface StepProps {
  draft: SyncDraft;
  onChange: (draft: SyncDraft) => void;
  queries: DraftQueries;
  /** Shown at the fields: what is wrong, once the person has tried to go on. */
  problems: Problems;
  /** The saved sync that is being edited. */
  syncId: number | null;
}
