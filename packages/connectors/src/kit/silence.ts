import type { Readable } from 'node:stream';

/**
 * Acts once when nothing has come over a connection for `ms`: a server that owes an answer and is gone without a word would
 * be waited for as long as the kernel does, which is hours. Answers how to stop watching.
 */
export function onSilence(stream: Readable, ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  const heard = (): void => void timer.refresh();
  stream.on('data', heard);
  return () => {
    clearTimeout(timer);
    stream.off('data', heard);
  };
}

/** Waits for an answer, at most `ms`: then ends what it should come from, which has to fail the work. */
export async function answeredWithin<T>(work: Promise<T>, ms: number, end: () => unknown): Promise<T> {
  const timer = setTimeout(end, ms);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
