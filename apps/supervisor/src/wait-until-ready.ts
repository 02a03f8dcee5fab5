import { setTimeout as pause } from 'node:timers/promises';

/** Resolves when the address answers 200; throws after `boundMs` with the last reason. */
export async function waitUntilReady(name: string, url: string, boundMs: number): Promise<void> {
  const deadline = Date.now() + boundMs;
  let reason = 'no answer';
  while (Date.now() < deadline) {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch((error: Error) => error);
    if (response instanceof Response && response.ok) return;
    reason = response instanceof Response ? `status ${response.status}` : response.message;
    await pause(150);
  }
  throw new Error(`The ${name} did not become ready within ${boundMs / 1000} s (${reason}).`);
}
