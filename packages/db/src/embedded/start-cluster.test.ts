import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { ensureDatabase } from '../migration/ensure-database.ts';
import { runScript } from '../run-script.ts';
import { startCluster } from './start-cluster.ts';

async function rows(url: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query('select * from kept')).rows;
  } finally {
    await client.end();
  }
}

it('finds its data and its port again, also after it was left running by a process that died', async () => {
  const options = { directory: await mkdtemp(join(tmpdir(), 'sluice-cluster-')), settings: ['fsync=off'] };
  const first = await startCluster(options);
  await ensureDatabase(first.url('postgres'), 'app');
  await ensureDatabase(first.url('postgres'), 'app');
  await runScript(first.url('app'), ['create table kept (id int)', 'insert into kept values (1)']);
  await first.stop();

  const second = await startCluster(options);
  expect(second.port).toBe(first.port);
  expect(await rows(second.url('app'))).toEqual([{ id: 1 }]);

  // Nobody stopped the second one.
  const third = await startCluster(options);
  expect(await rows(third.url('app'))).toEqual([{ id: 1 }]);
  await third.stop();
});
