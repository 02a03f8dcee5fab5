import { startBastion, type TestBastion } from '@sluice/testing/ssh/bastion';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDestination } from '../destination/create-destination.ts';
import { createSource } from '../source/create-source.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { getSshKey } from './get-ssh-key.ts';

let world: TestWorld;
let bastion: TestBastion;
beforeAll(async () => {
  bastion = await startBastion({});
  world = await openTestWorld({ allow: [`127.0.0.1:${bastion.port}`] });
  bastion.known['db.internal:5432'] = Number(world.target.configuration.port);
});
afterAll(async () => {
  await world.close();
  await bastion.close();
});

test('a sync reads and writes through an SSH server', async () => {
  const { ctx, actor, target } = world;
  await target.run(
    'create table public.people (id int primary key, email text)',
    `insert into public.people select n, n || '@example.com' from generate_series(1, 3000) n`,
    'create table public.contacts (id int primary key, email text)',
  );
  bastion.authorizedKeys.push((await getSshKey(ctx, actor)).publicKey);
  const configuration = {
    ...target.configuration,
    ...{ host: 'db.internal', port: 5432, tunnel: true, tunnelHost: '127.0.0.1' },
    ...{ tunnelPort: bastion.port, tunnelUser: bastion.user, tunnelHostKey: bastion.fingerprint },
  };
  const hidden = { name: 'Hidden', type: 'postgresql', configuration };
  const source = await createSource(ctx, actor, hidden);
  const destination = await createDestination(ctx, actor, hidden);
  const modelId = await world.model({ sql: 'select id, email from public.people', sourceId: source.id });
  const sync = await world.sync({
    modelId,
    to: destination.id,
    configuration: {
      object: 'public.contacts',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'id' },
      mappings: [{ type: 'column', from: 'email', to: 'email' }],
    },
  });
  expect(await world.run(sync.id)).toMatchObject({
    status: 'success',
    counts: { delivered: { added: 3000 } },
  });
  expect(await target.query('select count(*)::int as rows from public.contacts')).toEqual([{ rows: 3000 }]);
  await target.run(`update public.people set email = 'new@example.com' where id = 7`);
  expect(await world.run(sync.id)).toMatchObject({
    status: 'success',
    counts: { delivered: { changed: 1 } },
  });
  expect(new Set(bastion.asked)).toEqual(new Set(['db.internal:5432']));
});
