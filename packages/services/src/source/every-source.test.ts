// A sync from every source that needs no account of a vendor, to a database and to an API, with the rows that were there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMariadb } from '@sluice/testing/mariadb';
import { type ClickHouseServer, startClickHouseServer } from '@sluice/testing/warehouses/clickhouse/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { createSource } from './create-source.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-every-source-'));
const mariadb = await findMariadb();
let world: TestWorld;
let clickhouse: ClickHouseServer;

beforeAll(async () => {
  writeFileSync(join(directory, 'people.csv'), 'id,name\n9007199254740993,"Zoë, ""Z"""\n2,\n');
  clickhouse = await startClickHouseServer({ user: 'reader', password: 'right' });
  world = await openTestWorld({
    environment: { FILES_DIRECTORY: directory, REQUEST_TIMEOUT_MS: '10000' },
    allow: [`127.0.0.1:${clickhouse.port}`, ...(mariadb ? [`${mariadb.host}:${mariadb.port}`] : [])],
  });
});
afterAll(async () => {
  await world.close();
  await clickhouse.close();
  rmSync(directory, { recursive: true });
});

const sources: readonly {
  readonly type: string;
  readonly absent?: boolean;
  configuration(): Record<string, unknown>;
  readonly sql: string;
}[] = [
  {
    type: 'files',
    configuration: () => ({ place: 'directory' }),
    sql: 'SELECT id::BIGINT AS id, name FROM people',
  },
  {
    type: 'clickhouse',
    configuration: () => ({ url: clickhouse.url, database: 'default', user: 'reader', password: 'right' }),
    sql: `SELECT 9007199254740993 AS id, 'Zoë, "Z"' AS name UNION ALL SELECT 2, NULL`,
  },
  {
    type: 'mysql',
    absent: mariadb === null,
    configuration: () => ({ ...mariadb, database: 'information_schema', sslMode: 'disable' }),
    sql: `SELECT 9007199254740993 AS id, 'Zoë, "Z"' AS name UNION ALL SELECT 2, NULL`,
  },
];

describe.each(sources.filter(({ absent }) => !absent))('$type', ({ type, configuration, sql }) => {
  const table = `people_of_${type}`;
  let modelId: number;
  beforeAll(async () => {
    await world.target.run(`create table public.${table} (id bigint primary key, name text)`);
    const { ctx, actor } = world;
    const source = await createSource(ctx, actor, { name: type, type, configuration: configuration() });
    modelId = await world.model({ sql, sourceId: source.id });
  });

  test('to a database', async () => {
    const sync = await world.sync({
      modelId,
      to: 'postgresql',
      configuration: {
        object: `public.${table}`,
        mode: 'mirror',
        matchKey: { from: 'id', to: 'id' },
        mappings: [{ type: 'column', from: 'name', to: 'name' }],
      },
    });
    const run = await world.run(sync.id);
    expect(run).toMatchObject({ status: 'success', counts: { planned: { added: 2 } } });
    expect(await world.target.query(`select id::text, name from public.${table} order by id`)).toEqual([
      { id: '2', name: null },
      { id: '9007199254740993', name: 'Zoë, "Z"' },
    ]);
    // The same rows have the same fingerprints: nothing is sent again.
    expect(await world.run(sync.id)).toMatchObject({
      status: 'success',
      counts: { planned: { added: 0, changed: 0, removed: 0 } },
    });
  });

  test('to an API', async () => {
    const sync = await world.sync({
      modelId,
      to: 'http',
      configuration: {
        object: 'request',
        mode: 'trigger',
        triggers: ['added'],
        options: { added: { method: 'POST', url: `/${type}` } },
      },
    });
    expect(await world.run(sync.id)).toMatchObject({ status: 'success' });
    const bodies = world.server.requests.filter(({ path }) => path === `/${type}`).map(({ body }) => body);
    expect(bodies).toHaveLength(2);
    expect(bodies.join()).toContain('Zoë');
    expect(bodies.join()).toContain('9007199254740993');
  });
});
