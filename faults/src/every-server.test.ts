// Every destination that is a server rather than an API lives through storms with the real engine: connections are refused,
// break in the middle of a message or before its answer, or fall silent; the server says no; workers die before any
// request. Rows come, change and leave between the runs. In the end the place holds what the model holds, nothing came twice
// whose fate was known, and no older value came after a newer one.

import { apiCases } from '@sluice/connectors/__tests__/api-cases';
import {
  configurationOf,
  createTestContext,
} from '@sluice/connectors/destinations/__tests__/destination-context';
import { destinationDefinitions } from '@sluice/connectors/registry';
import { World } from '@sluice/engine/__tests__/world';
import { expect, test } from 'vitest';
import { long, seed } from './env.ts';
import { canRunRedis } from './house/redis-server.ts';
import { dice } from './seed.ts';
import { openKafkaPlace } from './storm/kafka-place.ts';
import { edit, settle, throughKills } from './storm/life.ts';
import { hasMariadb, openMysqlPlace } from './storm/mysql-place.ts';
import type { Place } from './storm/place.ts';
import { openPostgresqlPlace } from './storm/postgresql-place.ts';
import { openRedisPlace } from './storm/redis-place.ts';
import { openS3Place } from './storm/s3-place.ts';
import { openSftpPlace } from './storm/sftp-place.ts';
import { Watch } from './storm/watch.ts';

const absent = 'absent';
const places: Readonly<Record<string, (() => Promise<Place>) | typeof absent>> = {
  'amazon-s3': openS3Place,
  sftp: openSftpPlace,
  kafka: openKafkaPlace,
  redis: canRunRedis() ? openRedisPlace : absent,
  mysql: hasMariadb ? openMysqlPlace : absent,
  postgresql: openPostgresqlPlace,
};
if (!hasMariadb)
  process.stdout.write('  No MariaDB answers on this machine: storms over it are not tried.\n');

const storms = Array.from({ length: long ? 40 : 4 }, (_, index) => seed + index);
const cases = Object.entries(places).flatMap(([slug, open]) =>
  open === absent ? [] : storms.map((storm) => [slug, storm, open] as const),
);

test('every destination lives through storms', () => {
  // The requests that people write themselves have theirs in destination-storm.test.ts, with whole workers.
  const tried = [...Object.keys(places), ...Object.keys(apiCases), 'http-request'];
  expect(tried.sort()).toEqual(Object.keys(destinationDefinitions).sort());
});

test.concurrent.each(cases)('%s holds the rows of the model after storm %i', async (slug, storm, open) => {
  const definition = destinationDefinitions[slug];
  if (!definition) throw new Error(`${slug} is not registered`);
  const chance = dice(storm);
  const place = await open();
  const context = createTestContext(place.ports, { timeouts: { connectMs: 1_000, requestMs: 1_000 } });
  const world = await World.open(
    ['id', 'version', 'name'],
    configurationOf({ matchKey: null, ...place.sync }),
  );
  const watch = new Watch((name) => world.call(name));
  world.connect = () => watch.connection(definition.open(place.configuration, context));
  try {
    for (let runs = 0; runs < 5; runs += 1) {
      world.rows = edit(world.rows, chance);
      for (let fault = chance.between(0, 3); fault > 0; fault -= 1) place.misbehave(chance);
      const run = world.begin();
      const settled = (seq: number): boolean =>
        [...run.batches.values()].some(
          ({ state, seqFrom, seqTo }) => state === 'settled' && seqFrom <= seq && seq <= seqTo,
        );
      await throughKills(world, run, {
        chance,
        begins: () => watch.begins(),
        dying: () => place.cut(),
        died: () => watch.died(settled),
      });
    }
    place.clear();
    await settle(world);
    expect(await place.held()).toEqual(new Map(world.rows.map((row) => [String(row.id), row])));
    const before = await place.taken();
    for (const [name, times] of before ?? []) {
      if (times > 1) expect(watch.doubted, `${name} came ${times} times`).toContain(name);
    }
    expect((await world.run()).counts.unchanged).toBe(world.rows.length);
    expect(await place.taken()).toEqual(before);
  } finally {
    await world.close();
    await context.close();
    await place.close();
  }
});
