/** Run statuses, as the API names them. */
export const runStatuses = [
  'queued',
  'querying',
  'processing',
  'reporting',
  'success',
  'warning',
  'failed',
  'cancelled',
  'interrupted',
] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Statuses of a sync: those of its newest run, or `disabled`, or `pending` before the first one. */
export const syncStatuses = [...runStatuses, 'disabled', 'pending'] as const;
export type SyncStatus = (typeof syncStatuses)[number];

export const activeStatuses = ['querying', 'processing', 'reporting'] as const satisfies readonly RunStatus[];
export const finalStatuses = [
  'success',
  'warning',
  'failed',
  'cancelled',
  'interrupted',
] as const satisfies readonly RunStatus[];

/** Which status may follow which. A worker that takes a run over continues in the status it finds. */
export const runTransitions: Record<RunStatus, readonly RunStatus[]> = {
  queued: ['querying', 'cancelled', 'failed'],
  querying: ['processing', 'reporting', 'failed', 'cancelled', 'interrupted'],
  processing: ['reporting', 'failed', 'cancelled', 'interrupted'],
  reporting: ['success', 'warning', 'failed', 'cancelled', 'interrupted'],
  success: [],
  warning: [],
  failed: [],
  cancelled: [],
  interrupted: [],
};

export const isFinal = (status: RunStatus): boolean => runTransitions[status].length === 0;
export const canBecome = (from: RunStatus, to: RunStatus): boolean => runTransitions[from].includes(to);

/** The stages of a run, in order, as the timeline shows them. */
export const runStages = ['queued', 'extract', 'plan', 'deliver', 'commit'] as const;
export type RunStage = (typeof runStages)[number];
