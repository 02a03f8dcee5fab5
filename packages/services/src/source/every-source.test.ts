// A sync from every source, to a database and to an API: the rows that are there, and then what changed in them.
import { sourceDefinitions } from '@sluice/connectors/registry';
import { findMariadb } from '@sluice/testing/mariadb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type CustomerSource,
  type CustomerSources,
  openCustomerSources,
  type SourceSpeaks,
} from '../testing/customer-sources.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { createSource } from './create-source.ts';

let world: TestWorld;
let sources: CustomerSources;

beforeAll(async () => {
  sources = await openCustomerSources();
  world = await openTestWorld({
    environment: { FILES_DIRECTORY: sources.filesDirectory, REQUEST_TIMEOUT_MS: '20000' },
    allow: sources.allow,
  });
}, 120_000);
afterAll(async () => {
  await world.close();
  await sources.close();
});

const columns = ['name', 'amount', 'ratio', 'flag', 'day', 'seen', 'moment', 'data', 'doc'] as const;

/** How a dialect writes types and values that are easily spoilt on the way. */
interface Words {
  readonly types: Readonly<Record<'seen' | 'moment' | 'data' | 'doc', string>>;
  readonly moment: string;
  readonly data: string;
  /** What the others call DECIMAL(28, 10). */
  readonly amount?: string;
  /** What DATE and TIMESTAMP are called in front of a text. */
  readonly literals?: false;
}

const duckdb: Words = {
  types: { seen: 'TIMESTAMP', moment: 'TIMESTAMP WITH TIME ZONE', data: 'BLOB', doc: 'JSON' },
  moment: `TIMESTAMPTZ '2026-02-28 01:02:03.000001+05:30'`,
  data: `'\\x00\\xFF\\x5C'::BLOB`,
};
const wordsOf: Readonly<Record<SourceSpeaks, Words>> = {
  duckdb,
  // It has text for bytes.
  clickhouse: { ...duckdb, types: { ...duckdb.types, data: 'VARCHAR' }, data: `'\\x00ff5c'` },
  postgresql: {
    types: { seen: 'timestamp', moment: 'timestamptz', data: 'bytea', doc: 'jsonb' },
    moment: duckdb.moment,
    data: `'\\x00ff5c'`,
  },
  mariadb: {
    types: { seen: 'DATETIME(6)', moment: 'TIMESTAMP(6) NULL', data: 'BLOB', doc: 'JSON' },
    moment: `CONVERT_TZ('2026-02-27 19:32:03.000001', '+00:00', @@session.time_zone)`,
    data: `x'00ff5c'`,
  },
  // Whose own numbers are of 64 bits: what has more digits is text, and so are all dates.
  sqlite: {
    types: { seen: 'TIMESTAMP', moment: 'TIMESTAMP', data: 'BLOB', doc: 'JSON' },
    moment: `'2026-02-27 19:32:03.000001Z'`,
    data: `x'00ff5c'`,
    amount: 'TEXT',
    literals: false,
  },
};

function statements(speaks: SourceSpeaks) {
  const { types, moment, data, amount = 'DECIMAL(28, 10)', literals = true } = wordsOf[speaks];
  const digits = '12345678901234567.0123456789';
  const row = (id: string, name: string, ratio: string, day: string, doc: string) =>
    `INSERT INTO people VALUES (${id}, '${name}', ${literals ? digits : `'${digits}'`}, ${ratio}, true,
       ${literals ? 'DATE' : ''} '${day}', ${literals ? 'TIMESTAMP' : ''} '1969-12-31 23:59:59.500000', ${moment}, ${data}, '${doc}')`;
  return {
    before: [
      `CREATE TABLE people (id BIGINT PRIMARY KEY, name VARCHAR(200), amount ${amount}, ratio DOUBLE PRECISION, flag BOOLEAN,
         day DATE, seen ${types.seen}, moment ${types.moment}, data ${types.data}, doc ${types.doc})`,
      row('9007199254740993', 'Zoë, "Z" 𠮷', '0.30000000000000004', '2024-02-29', '{"b": 9007199254740993}'),
      row('3', '', '1e300', '0001-01-01', '[1, null]'),
      'INSERT INTO people (id) VALUES (2), (4)',
    ],
    after: [
      'UPDATE people SET amount = 0.10, ratio = -1.5 WHERE id = 3',
      'DELETE FROM people WHERE id = 2',
      `INSERT INTO people (id, name) VALUES (5, 'five')`,
    ],
  };
}

const nothing = Object.fromEntries(columns.map((column) => [column, null]));
const full = {
  amount: '12345678901234567.0123456789',
  flag: 'true',
  seen: '1969-12-31 23:59:59.5',
  moment: '2026-02-27 19:32:03.000001+00',
  data: '\\x00ff5c',
};
const zoe = {
  ...full,
  id: '9007199254740993',
  name: 'Zoë, "Z" 𠮷',
  ratio: '0.30000000000000004',
  day: '2024-02-29',
  doc: '{"b": 9007199254740993}',
};
const third = { ...full, id: '3', name: '', ratio: '1e+300', day: '0001-01-01', doc: '[1, null]' };

/** What the API is sent: exact numbers as numbers where JavaScript reads them whole, all else as canonical text. */
function inBody(speaks: SourceSpeaks) {
  const seen = speaks === 'clickhouse' ? '1969-12-31 23:59:59.5' : '1969-12-31T23:59:59.5';
  // MariaDB has neither: a flag is a number of one digit, a document is text.
  const flag = speaks === 'mariadb' ? '1' : 'true';
  const doc = (text: string, compact: string) => (speaks === 'mariadb' ? JSON.stringify(text) : compact);
  const none =
    '"amount":null,"ratio":null,"flag":null,"day":null,"seen":null,"moment":null,"data":null,"doc":null}';
  const late = `"flag":${flag},"day":"0001-01-01","seen":"${seen}","moment":"2026-02-27T19:32:03.000001Z","data":"\\\\x00ff5c","doc":${doc('[1, null]', '[1,null]')}}`;
  const leap = late
    .replace('0001-01-01', '2024-02-29')
    .replace(/"doc":.*/, `"doc":${doc('{"b": 9007199254740993}', '{"b":9007199254740993}')}}`);
  const amount = '"amount":"12345678901234567.0123456789"';
  return {
    before: [
      `added {"id":2,"name":null,${none}`,
      `added {"id":3,"name":"",${amount},"ratio":1e+300,${late}`,
      `added {"id":4,"name":null,${none}`,
      `added {"id":9007199254740993,"name":"Zoë, \\"Z\\" 𠮷",${amount},"ratio":0.30000000000000004,${leap}`,
    ],
    after: [
      `added {"id":5,"name":"five",${none}`,
      `changed {"id":3,"name":"","amount":${speaks === 'sqlite' ? '"0.1"' : '0.1'},"ratio":-1.5,${late}`,
      `removed {"id":2,"name":null,${none}`,
    ],
  };
}

test('none is left out, but the sample, whose rows nobody changes', async () => {
  const left = Object.keys(sourceDefinitions).filter((type) => !sources.byType.has(type));
  expect(left).toEqual(['postgresql', ...((await findMariadb()) ? [] : ['mysql']), 'sample']);
});

const changeable = Object.keys(sourceDefinitions).filter((type) => type !== 'sample');
const absent = (await findMariadb()) ? [] : ['mysql'];

describe.each(changeable.filter((type) => !absent.includes(type)))('%s', (type) => {
  let source: CustomerSource;
  let toDatabase: number;
  let toApi: number;

  beforeAll(async () => {
    const { ctx, actor, target } = world;
    source = sources.byType.get(type) ?? {
      configuration: target.configuration,
      speaks: 'postgresql',
      run: (texts) => target.run(...texts),
    };
    await source.run(statements(source.speaks).before);
    await target.run(`create table public.people_of_${type} (id bigint primary key, name text, amount numeric,
      ratio double precision, flag boolean, day date, seen timestamp, moment timestamptz, data bytea, doc jsonb)`);
    const configuration = { ...source.configuration };
    const { id: sourceId } = await createSource(ctx, actor, { name: type, type, configuration });
    const modelId = await world.model({ sql: 'SELECT * FROM people', sourceId });
    const mappings = columns.map((name) => ({ type: 'column' as const, from: name, to: name }));
    const database = await world.sync({
      modelId,
      to: 'postgresql',
      configuration: {
        object: `public.people_of_${type}`,
        mode: 'mirror',
        matchKey: { from: 'id', to: 'id' },
        mappings,
      },
    });
    const request = (change: string) => ({ method: 'POST' as const, url: `/${type}/${change}` });
    const api = await world.sync({
      modelId,
      to: 'http',
      configuration: {
        object: 'request',
        mode: 'trigger',
        triggers: ['added', 'changed', 'removed'],
        options: { added: request('added'), changed: request('changed'), removed: request('removed') },
      },
    });
    [toDatabase, toApi] = [database.id, api.id];
  });

  const rows = () => {
    const cells = ['id', ...columns].map((name) =>
      name === 'moment' ? `(moment at time zone 'UTC')::text || '+00' as moment` : `${name}::text`,
    );
    return world.target.query(`select ${cells.join(', ')} from public.people_of_${type} order by id`);
  };
  const run = (id: number) => world.run(id, { ignoreGuards: true });
  const planned = (added: number, changed: number, removed: number) => ({
    status: 'success',
    counts: { planned: { added, changed, removed } },
  });
  const bodies = () => {
    const of = world.server.requests.filter(({ path }) => path.startsWith(`/${type}/`));
    const all = of.map(({ path, body }) => `${path.split('/')[2]} ${body}`);
    return all.toSorted();
  };

  test('the rows, to a database, once', async () => {
    expect(await run(toDatabase)).toMatchObject(planned(4, 0, 0));
    expect(await rows()).toEqual([{ ...nothing, id: '2' }, third, { ...nothing, id: '4' }, zoe]);
    // The same rows have the same fingerprints: nothing is sent again.
    expect(await run(toDatabase)).toMatchObject(planned(0, 0, 0));
  });

  test('the rows, to an API, once', async () => {
    expect(await run(toApi)).toMatchObject(planned(4, 0, 0));
    expect(bodies()).toEqual(inBody(source.speaks).before);
    expect(await run(toApi)).toMatchObject(planned(0, 0, 0));
  });

  test('what changed, to both', async () => {
    world.server.requests.length = 0;
    await source.run(statements(source.speaks).after);
    expect(await run(toDatabase)).toMatchObject(planned(1, 1, 1));
    expect(await rows()).toEqual([
      { ...third, amount: '0.1', ratio: '-1.5' },
      { ...nothing, id: '4' },
      { ...nothing, id: '5', name: 'five' },
      zoe,
    ]);
    expect(await run(toApi)).toMatchObject(planned(1, 1, 1));
    expect(bodies()).toEqual(inBody(source.speaks).after);
  });
});

test('sample: the rows, to a database and to an API, once', async () => {
  const { ctx, actor, target, server } = world;
  await target.run('create table public.accounts (id integer primary key, name text, revenue numeric)');
  const source = await createSource(ctx, actor, { name: 'Shop', type: 'sample', configuration: {} });
  const sql = 'SELECT id, name, annual_revenue AS revenue FROM shop.accounts WHERE id IN (1, 29, 977)';
  const modelId = await world.model({ sql, sourceId: source.id });
  const object = 'public.accounts';
  const mappings = ['name', 'revenue'].map((name) => ({ type: 'column' as const, from: name, to: name }));
  const matchKey = { from: 'id', to: 'id' };
  const configuration = { object, mode: 'mirror' as const, matchKey, mappings };
  const database = await world.sync({ modelId, to: 'postgresql', configuration });
  const options = { added: { method: 'POST', url: '/accounts' } };
  const api = await world.sync({
    modelId,
    to: 'http',
    configuration: { object: 'request', mode: 'trigger', triggers: ['added'], options },
  });
  for (const { id } of [database, api]) {
    expect(await world.run(id)).toMatchObject({ status: 'success', counts: { planned: { added: 3 } } });
    expect(await world.run(id)).toMatchObject({ status: 'success', counts: { planned: { added: 0 } } });
  }
  // The same on every machine: the rows follow from their numbers.
  expect(await target.query('select id, name, revenue::text from public.accounts order by id')).toEqual([
    { id: 1, name: 'Juniper Motors', revenue: '2975610.48' },
    { id: 29, name: 'Lakeside Energy', revenue: null },
    { id: 977, name: ' Quartz Supply  ', revenue: '230670031.92' },
  ]);
  const sent = server.requests.filter(({ path }) => path === '/accounts').map(({ body }) => body);
  expect(sent.toSorted()).toEqual([
    '{"id":1,"name":"Juniper Motors","revenue":2975610.48}',
    '{"id":29,"name":"Lakeside Energy","revenue":null}',
    '{"id":977,"name":" Quartz Supply  ","revenue":230670031.92}',
  ]);
});
