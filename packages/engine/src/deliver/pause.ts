import { setTimeout } from 'node:timers/promises';

/** Waits `ms` milliseconds, or until the signal aborts; does not throw. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
