'use client';

import { useCallback, useEffect, useRef, useState } from 'react';

export interface Cancellable<Input, Output> {
  run: (input: Input) => void;
  cancel: () => void;
  reset: () => void;
  running: boolean;
  /** What the last call answered, with what it was asked. */
  result: { input: Input; data: Output } | null;
  error: unknown;
}

/**
 * A call that a person can cancel. A new call cancels the one before, leaving the page cancels it too; the server sees
 * the closed request and stops its query. A cancelled call leaves the last result as it was.
 */
export function useCancellable<Input, Output>(
  call: (input: Input, signal: AbortSignal) => Promise<Output>,
): Cancellable<Input, Output> {
  const [running, setRunning] = useState(false);
  const [result, setResult] = useState<{ input: Input; data: Output } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const controller = useRef<AbortController | null>(null);
  const latest = useRef(call);
  latest.current = call;

  const cancel = useCallback(() => {
    controller.current?.abort();
    controller.current = null;
    setRunning(false);
  }, []);
  useEffect(() => () => controller.current?.abort(), []);

  const run = useCallback((input: Input) => {
    controller.current?.abort();
    const mine = new AbortController();
    controller.current = mine;
    setRunning(true);
    setError(null);
    latest
      .current(input, mine.signal)
      .then(
        (data) => {
          if (!mine.signal.aborted) setResult({ input, data });
        },
        (thrown: unknown) => {
          if (!mine.signal.aborted) setError(thrown);
        },
      )
      .finally(() => {
        if (controller.current === mine) setRunning(false);
      });
  }, []);
  const reset = useCallback(() => {
    cancel();
    setResult(null);
    setError(null);
  }, [cancel]);
  return { run, cancel, reset, running, result, error };
}
