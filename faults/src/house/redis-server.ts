import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { soon } from './soon.ts';

/** A Redis of its own, that keeps its data over a restart. */
export interface RedisServer {
  readonly url: string;
  start(): Promise<void>;
  /** Ends it like the loss of its machine. */
  kill(): Promise<void>;
  /** Sends a command; answers what the server says, as it comes over the wire. */
  command(...words: string[]): Promise<string>;
  remove(): Promise<void>;
}

const program = (process.env.PATH ?? '')
  .split(delimiter)
  .map((directory) => join(directory, 'redis-server'))
  .find((path) => existsSync(path));

/** Whether this machine can run one. With `CI=true` its absence is an error. */
export function canRunRedis(): boolean {
  if (!program && process.env.CI === 'true')
    throw new Error('In CI there must be a redis-server, and there is none.');
  if (!program)
    process.stdout.write('  There is no redis-server on this machine: faults of Redis are not tried.\n');
  return program !== undefined;
}

/** Starts the server on a free loopback port. */
export async function startRedisServer(): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-redis-'));
  const port = await freePort();
  let child: ReturnType<typeof spawn> | null = null;
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const options = [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--dir',
        directory,
        '--appendonly',
        'yes',
      ];
      child = spawn(program ?? 'redis-server', [...options, '--appendfsync', 'always'], { stdio: 'ignore' });
      await soon('Redis', () =>
        server.command('PING').then(
          (answer) => answer.startsWith('+PONG'),
          () => false,
        ),
      );
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    command: (...words) => ask(port, words),
    async remove() {
      await server.kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function ask(port: number, words: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write(
      `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`,
    );
    const [answer] = await once(socket, 'data', { signal: AbortSignal.timeout(5_000) });
    return String(answer);
  } finally {
    socket.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
