import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { handleRest } from '@sluice/api/rest/handle-rest';
import { openTestWorld, type TestWorld } from '@sluice/services/testing/open-test-world';
import { createToken } from '@sluice/services/token/create-token';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A customer with a database, the REST API over real HTTP, and the command line as a process of its own. */
export interface CliWorld extends TestWorld {
  readonly url: string;
  readonly token: string;
  /** Method and path of everything that the API was asked. */
  readonly asked: string[];
  /** Runs `sluice …`; `environment` is added to SLUICE_URL and SLUICE_TOKEN. */
  sluice(args: string[], environment?: Record<string, string>): Promise<Ended>;
  /** Makes a directory; the world removes it. */
  directory(): Promise<string>;
}

const program = resolve(import.meta.dirname, '../../bin/sluice.mjs');

/** Opens it with one worker, unless `workers` is 0. */
export async function openCliWorld(options: { workers?: number } = {}): Promise<CliWorld> {
  const world = await openTestWorld(options);
  const input = { name: 'cli', scope: 'write', expiresInDays: 1, syncIds: null } as const;
  const { secret: token } = await createToken(world.ctx, world.actor, input);
  const asked: string[] = [];
  const server = createServer(async (incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const answer = await handleRest(world.ctx, await requestOf(incoming), { address: '127.0.0.1' });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const directories: string[] = [];
  return {
    ...world,
    url,
    token,
    asked,
    sluice(args, environment = {}) {
      const env = { NODE_ENV: 'test' as const, SLUICE_URL: url, SLUICE_TOKEN: token, ...environment };
      return new Promise((end) => {
        const child = execFile(
          process.execPath,
          [program, ...args],
          { env, timeout: 60_000 },
          (err, out, notes) => end({ code: err ? Number(child.exitCode ?? -1) : 0, out, err: notes }),
        );
        child.stdin?.end();
      });
    },
    async directory() {
      const path = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
      directories.push(path);
      return path;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await world.close();
      await Promise.all(directories.map((path) => rm(path, { recursive: true, force: true })));
    },
  };
}

/** Replaces text in a file; fails when it is not there. */
export async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  if (!text.includes(from)) throw new Error(`"${from}" is not in ${path}:\n${text}`);
  await writeFile(path, text.replace(from, to));
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
  const url = `http://${incoming.headers.host}${incoming.url}`;
  return new Request(url, { method: incoming.method ?? 'GET', headers, ...(body.length > 0 && { body }) });
}
