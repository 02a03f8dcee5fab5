// What real clients of the contract send, over a socket; the worker behind it really delivers rows. The same replays run
// against the started product in e2e/clients.e2e.ts.

import { type Scheduler, startScheduler } from '@sluice/services/scheduler/start-scheduler';
import { openTestWorld, type TestWorld } from '@sluice/services/testing/open-test-world';
import { createToken } from '@sluice/services/token/create-token';
import { clientReplays } from '@sluice/testing/client-replay/client-replays';
import { openReplay, type ReplayTarget } from '@sluice/testing/client-replay/open-replay';
import { afterAll, beforeAll, test } from 'vitest';
import { type ServedRest, serveRest } from '../testing/serve-rest.ts';

let world: TestWorld;
let rest: ServedRest;
let target: ReplayTarget;
/** Takes sequences from one step to the next. */
let scheduler: Scheduler;

beforeAll(async () => {
  world = await openTestWorld();
  scheduler = startScheduler(world.ctx);
  rest = await serveRest(world.ctx);
  await world.target.run(
    'create table people (id int primary key, email text, last_run int, note text)',
    "insert into people (id, email) select n, 'p' || n || '@example.com' from generate_series(1, 5) n",
  );
  const input = { name: 'orchestrator', scope: 'write', expiresInDays: 1, syncIds: null } as const;
  const { secret: token } = await createToken(world.ctx, world.actor, input);
  const database = world.target.configuration;
  target = await openReplay(rest.send, { token, database, endpoint: world.server.url });
});
afterAll(async () => {
  await scheduler.stop();
  await rest.close();
  await world.close();
});

test.each(clientReplays)('$name', { timeout: 90_000 }, ({ replay }) => replay(target));
