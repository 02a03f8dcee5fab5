import type { PgSession } from '../../kit/pg-connection.ts';
import { onSilence } from '../../kit/silence.ts';

/** Works with a session; a server that says nothing for `ms` loses it, which settles every statement that waits for it. */
export async function unlessSilent<T>({ client }: PgSession, ms: number, work: () => Promise<T>): Promise<T> {
  const { stream } = client.connection;
  const stop = onSilence(stream, ms, () => stream.destroy());
  try {
    return await work();
  } finally {
    stop();
  }
}
