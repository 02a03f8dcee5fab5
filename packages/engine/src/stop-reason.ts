/**
 * Why a run stops: `cancelled` by a person; `shutdown` of the worker, which still records the answers it waits for;
 * `lost` when another worker owns the run (any other reason counts as this one). `null` while it goes on.
 */
export type StopReason = 'cancelled' | 'shutdown' | 'lost';

export function stopReason(signal: AbortSignal): StopReason | null {
  if (!signal.aborted) return null;
  return signal.reason === 'cancelled' || signal.reason === 'shutdown' ? signal.reason : 'lost';
}
