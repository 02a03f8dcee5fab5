import { request } from 'undici';

/** Requests that came to a server, and the bytes of their bodies. */
export interface Taken {
  requests: number;
  bytes: number;
}

/** Where a server tells it; asking does not count. */
export const takenPath = '/bench/taken';

/** Asks a server what has come to it. */
export async function askTaken(url: string): Promise<Taken> {
  const { body } = await request(new URL(takenPath, url), { reset: true });
  return (await body.json()) as Taken;
}

/** What came between two answers. */
export const takenBetween = (before: Taken, after: Taken): Taken => ({
  requests: after.requests - before.requests,
  bytes: after.bytes - before.bytes,
});
