/** Begins the idempotency keys of a run, the same in every worker and attempt. */
export const runLabel = ({ runId }: { readonly runId: number }): string => `sluice-${runId}`;
