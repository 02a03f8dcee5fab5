import { SluiceError } from '@sluice/domain/error';
import { fullJitter } from './backoff.ts';
import { pause } from './deliver/pause.ts';
import type { EnginePorts } from './run.ts';

interface Patience extends Pick<EnginePorts, 'retry' | 'signal'> {
  /** Told before each further try. */
  onRetry(retry: { readonly error: SluiceError; readonly attempt: number; readonly waitMs: number }): void;
}

/**
 * Does what changes nothing on the other side (connecting, reading a catalog) until it works: failures that `passes`
 * says will pass are tried again like a batch: with exponential backoff and full jitter, not before the time that the
 * other side named, `attemptsMax` times in all. Throws any other failure at once, and the last one when the signal aborts.
 */
export async function keepTrying<T>(
  work: () => Promise<T>,
  passes: (error: SluiceError) => boolean,
  { retry, signal, onRetry }: Patience,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (thrown) {
      const useless = !(thrown instanceof SluiceError) || !passes(thrown);
      if (useless || attempt >= retry.attemptsMax || signal.aborted) throw thrown;
      const asked = Math.min(thrown.retryAfterMs ?? 0, askedMsMax);
      const waitMs = Math.max(asked, fullJitter(attempt, retry.baseMs));
      onRetry({ error: thrown, attempt, waitMs });
      await pause(waitMs, signal);
      if (signal.aborted) throw thrown;
    }
  }
}

/** The longest pause that the other side may ask for before anything is under way. */
const askedMsMax = 60_000;
