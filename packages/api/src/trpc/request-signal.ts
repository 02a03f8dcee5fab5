/** The signal of the request, so that leaving the page stops the work; a call inside the process has none. */
export function requestSignal(signal: AbortSignal | undefined): { signal: AbortSignal } {
  return { signal: signal ?? new AbortController().signal };
}
