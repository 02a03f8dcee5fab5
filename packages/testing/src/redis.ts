import { connect } from 'node:net';

/**
 * URL of a Redis for tests (`TEST_REDIS_URL`, otherwise 127.0.0.1:6379); `null` when nothing answers there, which is
 * the ordinary case on a bare machine. With `CI=true` its absence is an error instead.
 */
export async function findRedis(): Promise<string | null> {
  const url = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
  if (await answersPing(url)) return url;
  if (process.env.CI === 'true') throw new Error(`In CI a Redis must answer at ${url}, and none does.`);
  return null;
}

function answersPing(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 6379) }, () => socket.write('PING\r\n'));
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (data) => finish(data.toString().startsWith('+PONG')));
    socket.once('error', () => finish(false));
    socket.setTimeout(1_000, () => finish(false));
  });
}
