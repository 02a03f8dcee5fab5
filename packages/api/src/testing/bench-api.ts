import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openTestWorld, type TestWorld } from '@sluice/services/testing/open-test-world';
import { createToken } from '@sluice/services/token/create-token';
import { until } from '@sluice/testing/until';
import { seed } from './bench-seed.ts';

const amount = { syncs: 5_000, runs: 100_000 };
const rate = 50;
const seconds = 30;
/** Not counted: both processes load and compile their code. */
const warmUpSeconds = 5;
const here = import.meta.dirname;
const say = (text: string) => process.stdout.write(`${text}\n`);

interface Measured {
  readonly name: string;
  readonly ms: number;
  /** When it was sent, in seconds of the measurement; negative while warming up. */
  readonly at: number;
  readonly failed: boolean;
}

const world = await openTestWorld({ workers: 0, environment: { LOG_LEVEL: 'warn' } });
const children: { stop(): void }[] = [];
try {
  say(`Seeding ${amount.syncs} syncs and ${amount.runs} runs …`);
  const firstId = await seed(world, amount);
  const token = await createToken(world.ctx, world.actor, {
    name: 'Bench',
    scope: 'trigger',
    expiresInDays: 1,
    syncIds: null,
  });
  const settings = Object.entries(world.ctx.environment).filter(([, value]) => value !== undefined);
  const environment = Object.fromEntries(settings.map(([name, value]) => [name, String(value)]));
  const rest = await start(join(here, 'bench-serve.ts'), [], environment);
  const probe = await start(
    join(here, '../../../testing/src/bench-probe.ts'),
    [world.ctx.environment.DATABASE_URL],
    {},
  );
  const running = await startRun(world);
  const authorization = `Bearer ${token.secret}`;
  const agent = new Agent({ keepAlive: true });
  say(`${rate} requests/s to each for ${seconds} s, run ${running.runId} going on …`);

  const work: Promise<Measured>[] = [];
  const beganAt = performance.now();
  for (let count = 0; count < rate * (warmUpSeconds + seconds); count += 1) {
    const wait = beganAt + (count * 1000) / rate - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const id = firstId + ((count * 7919) % amount.syncs);
    const [method, path, name] = requestOf(count, id, running.syncId);
    const at = count / rate - warmUpSeconds;
    work.push(measure(agent, { name, at }, method, rest + path, { authorization }));
    work.push(measure(agent, { name: 'probe', at }, 'GET', `${probe}/${id}`, {}));
  }
  const measured = await Promise.all(work);
  report(measured.filter(({ at }) => at >= 0));
  const { status } = await world.ctx.db.run.findUniqueOrThrow({ where: { id: running.runId } });
  say(`The run beside it: ${status}.`);
} finally {
  for (const child of children) child.stop();
  await world.close();
}
process.exit(process.exitCode ?? 0);

/** What orchestrators do: mostly looking at one sync and its runs, sometimes lists, sometimes a trigger. */
function requestOf(count: number, id: number, runningId: number): [string, string, string] {
  const step = count % 20;
  if (step === 0) return ['POST', `/api/v1/syncs/${runningId}/trigger`, 'trigger'];
  if (step < 3) return ['GET', '/api/v1/syncs?limit=100&orderBy=updatedAt', 'list syncs'];
  if (step < 4) return ['GET', `/api/v1/syncs?limit=100&offset=${id % 4_900}`, 'list syncs, further'];
  if (step < 6) return ['GET', '/api/v1/runs?status=failed&limit=50', 'list failed runs'];
  if (step < 7) return ['GET', `/api/v1/syncs?slug=bench-${id % 5_000}`, 'find a sync'];
  if (step < 13) return ['GET', `/api/v1/syncs/${id}/runs`, 'runs of a sync'];
  return ['GET', `/api/v1/syncs/${id}`, 'get a sync'];
}

/** A sync that goes on for the whole measurement: 20,000 rows, 50 requests/s. */
async function startRun(to: TestWorld): Promise<{ runId: number; syncId: number }> {
  await to.target.run(
    'create table public.people (id int, email text)',
    `insert into public.people select n, 'p' || n || '@example.com' from generate_series(1, 20000) n`,
  );
  to.server.handle(() => ({ delayMs: 100 }));
  const modelId = await to.model({ sql: 'select id, email from public.people' });
  const { id } = await to.sync({
    modelId,
    to: 'http',
    configuration: {
      object: 'request',
      mode: 'trigger',
      triggers: ['added'],
      options: { added: { method: 'POST', url: '/people/{{ row.id }}' }, concurrency: 5 },
    },
  });
  to.worker();
  const run = await to.trigger(id);
  await until('the run to deliver', () => to.server.requests.length > 10, 60_000);
  return { runId: run.id, syncId: id };
}

/** Starts a program of ours; answers the address that it prints. */
async function start(file: string, args: string[], environment: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...environment, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push({ stop: () => child.kill('SIGKILL') });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('http://')) return line;
  }
  throw new Error(`${file} did not start`);
}

async function measure(
  agent: Agent,
  what: Pick<Measured, 'name' | 'at'>,
  method: string,
  url: string,
  headers: Record<string, string>,
): Promise<Measured> {
  const beganAt = performance.now();
  try {
    const outgoing = httpRequest(url, { method, agent, headers });
    outgoing.end();
    const [incoming] = await once(outgoing, 'response');
    incoming.resume();
    await once(incoming, 'end');
    return { ...what, ms: performance.now() - beganAt, failed: incoming.statusCode !== 200 };
  } catch {
    return { ...what, ms: performance.now() - beganAt, failed: true };
  }
}

function report(measured: readonly Measured[]): void {
  const of = (chosen: (name: string) => boolean) => {
    const some = measured.filter(({ name }) => chosen(name));
    const times = some.map(({ ms }) => ms).toSorted((a, b) => a - b);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    return { p50: at(0.5), p99: at(0.99), failed: some.filter(({ failed }) => failed).length };
  };
  const probe = of((name) => name === 'probe');
  const api = of((name) => name !== 'probe');
  const line = (name: string, { p50, p99, failed }: typeof api) =>
    `${name.padEnd(20)} p50 ${ms(p50)} (${ratio(p50, probe.p50)}x probe)   p99 ${ms(p99)} (${ratio(p99, probe.p99)}x probe)   errors ${failed}`;
  say(line('probe', probe));
  say(line('REST API', api));
  for (const kind of new Set(measured.map(({ name }) => name))) {
    if (kind !== 'probe')
      say(
        line(
          `  ${kind}`,
          of((name) => name === kind),
        ),
      );
  }
  const slow = measured.filter((one) => one.ms > 500);
  if (slow.length > 0) {
    const moments = Map.groupBy(
      slow,
      ({ name, at }) => `${Math.floor(at)} s${name === 'probe' ? ' (probe)' : ''}`,
    );
    const list = [...moments].map(([moment, { length }]) => `${moment}: ${length}`);
    say(`Slower than 500 ms, by the second they were sent: ${list.join(', ')}`);
  }
  const good = api.p50 <= 60 && api.p99 <= Math.max(500, 3 * probe.p99) && api.failed === 0;
  say(good ? 'Within the target.' : 'Outside the target: p50 60 ms, p99 500 ms or 3x the probe, no errors.');
  if (!good) process.exitCode = 1;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`.padStart(9);
}

function ratio(value: number, base: number): string {
  return (base > 0 ? value / base : 0).toFixed(1);
}
