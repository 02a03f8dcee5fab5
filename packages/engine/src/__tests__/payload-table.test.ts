import { createTestContext } from '@sluice/connectors/destinations/__tests__/destination-context';
import { postgresqlDestination } from '@sluice/connectors/destinations/postgresql/definition';
import type { DestinationConnection } from '@sluice/connectors/kit/destination';
import type { MappingInput } from '@sluice/domain/mapping';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { asOwner, createEmptyDatabase, testCluster } from '@sluice/testing/postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Killed, World } from './world.ts';

let world: World;
let database: string;
let context: ReturnType<typeof createTestContext>;
/** Rows that each batch of text had, and how many records went beside them. */
let sent: { texts: number[]; records: number };

beforeEach(async () => {
  const { url, name } = await createEmptyDatabase();
  database = name;
  const { port } = await testCluster();
  context = createTestContext([port]);
  const { username, password } = new URL(url);
  sent = { texts: [], records: 0 };
  world = await World.open(['id', 'name', 'age']);
  world.connect = () =>
    counted(
      postgresqlDestination.open(
        {
          ...{ host: '127.0.0.1', port, database, sslMode: 'disable' },
          ...{ user: decodeURIComponent(username), password: decodeURIComponent(password) },
        },
        context,
      ),
    );
  await sql(`create table people (id text primary key, name text, age integer check (age < 150), kind text,
    share double precision, fine boolean, run bigint, at timestamptz, class text)`);
});
afterEach(async () => {
  await world.close();
  await context.close();
});

const sql = (text: string) => asOwner(text, [], database);

/** The destination itself; counts what goes which way, and a worker can be killed after each of its calls. */
function counted(connection: DestinationConnection): DestinationConnection {
  return {
    ...connection,
    async writer(configuration, facts) {
      const writer = await connection.writer(configuration, facts);
      const { payloads } = writer;
      return {
        ...writer,
        async deliver(records, delivery) {
          sent.records += records.length;
          const result = await writer.deliver(records, delivery);
          await world.call('deliver:after');
          return result;
        },
        ...(payloads && {
          payloads: {
            format: payloads.format,
            async deliver(payload, delivery) {
              const outcome = await payloads.deliver(payload, delivery);
              if (outcome.kind === 'all') sent.texts.push(payload.rows);
              await world.call('deliver:after');
              return outcome;
            },
          },
        }),
      };
    },
  };
}

const column = (name: string, nulls: 'send' | 'skip' = 'send'): MappingInput => ({
  ...{ type: 'column', to: name, from: name, nulls },
});
const into = (input: Partial<SyncConfigurationInput>) =>
  world.configure({
    object: 'public.people',
    mode: 'upsert',
    mappings: [column('name'), column('age')],
    ...input,
  });
const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: String(index + 1), name: `n${index + 1}`, age: '40' }));

describe('a run that writes text into a table', () => {
  it('writes what is the same for all rows into each', async () => {
    const mappings: MappingInput[] = [
      column('name'),
      { type: 'static', to: 'kind', value: `it's \\ "x"\u001f\n\\N\t` },
      { type: 'static', to: 'share', value: 1e-7 },
      { type: 'static', to: 'fine', value: true },
      { type: 'static', to: 'age', value: null },
      { type: 'variable', to: 'run', variable: 'run-id' },
      { type: 'variable', to: 'at', variable: 'run-started-at' },
      { type: 'variable', to: 'class', variable: 'change-class' },
    ];
    into({ mappings });
    world.rows = people(3);
    expect((await world.run()).counts.delivered.added).toBe(3);
    world.rows = people(3).map((row) => (row.id === '2' ? { ...row, name: 'other' } : row));
    expect((await world.run()).counts.delivered.changed).toBe(1);
    expect(sent).toEqual({ texts: [3, 1], records: 0 });
    const same = { kind: `it's \\ "x"\u001f\n\\N\t`, share: 1e-7, fine: true, age: null };
    const rows = await sql(
      'select id, name, kind, share, fine, age, run::int, at, class from people order by id',
    );
    const at = new Date('2026-11-22T07:00:00Z');
    expect(rows).toEqual([
      { id: '1', name: 'n1', ...same, run: 1, at, class: 'added' },
      { id: '2', name: 'other', ...same, run: 2, at, class: 'changed' },
      { id: '3', name: 'n3', ...same, run: 1, at, class: 'added' },
    ]);
  });

  it.each<[string, MappingInput]>([
    ['a template', { type: 'template', to: 'kind', template: '{{ row.name | upcase }}' }],
    ['a constant NULL that is left out', { type: 'static', to: 'kind', value: null, nulls: 'skip' }],
  ])('goes as records with %s', async (_what, mapping) => {
    into({ mappings: [column('name'), mapping] });
    world.rows = people(3);
    expect((await world.run()).status).toBe('success');
    expect(sent).toEqual({ texts: [], records: 3 });
  });

  it('leaves fields alone whose NULL is to be skipped', async () => {
    await sql(`insert into people (id, name, age) values ('1', 'kept', 10), ('2', 'old', 20)`);
    into({ mappings: [column('name', 'skip'), column('age')] });
    world.rows = [
      { id: '1', name: null, age: null },
      { id: '2', name: '', age: '21' },
    ];
    await world.run();
    expect(sent).toEqual({ texts: [], records: 2 });
    world.rows = [
      { id: '1', name: null, age: null },
      { id: '2', name: 'new', age: '21' },
    ];
    await world.run();
    expect(sent).toEqual({ texts: [1], records: 2 });
    expect(await sql('select id, name, age from people order by id')).toEqual([
      { id: '1', name: 'kept', age: null },
      { id: '2', name: 'new', age: 21 },
    ]);
  });

  it('loses none of 3,000 rows when the server refuses one, and says why', async () => {
    into({});
    world.rows = people(3_000).map((row) => (row.id === '1234' ? { ...row, age: '200' } : row));
    const run = world.begin();
    await run.attempt();
    expect(run.ended.counts).toMatchObject({ delivered: { added: 2_999 }, rejected: { added: 1 } });
    expect([...run.exceptions.values()]).toMatchObject([
      { key: '1234', code: 'check_violation', message: expect.stringContaining('people_age_check') },
    ]);
    expect(await sql('select count(*)::int as n from people')).toEqual([{ n: 2_999 }]);
  });

  it('refuses rows that share a match value, or have none, and sends the rest', async () => {
    into({ matchKey: { from: 'name', to: 'id' }, mappings: [column('age')] });
    world.rows = [...people(60), { id: 'a', name: 'n7', age: '1' }, { id: 'b', name: null, age: '2' }];
    const run = world.begin();
    await run.attempt();
    expect(run.ended.counts).toMatchObject({ delivered: { added: 59 }, rejected: { added: 3 } });
    expect([...run.exceptions.values()].map(({ key, code }) => `${key} ${code}`).sort()).toEqual([
      '7 match_key_duplicate',
      'a match_key_duplicate',
      'b match_key_null',
    ]);
    expect(await sql('select count(*)::int as n from people')).toEqual([{ n: 59 }]);
  });

  it('creates rows, and refuses those that exist', async () => {
    await sql(`insert into people (id) values ('5')`);
    into({ mode: 'insert', matchKey: null, mappings: [column('id'), column('name')] });
    world.rows = people(60);
    expect((await world.run()).counts).toMatchObject({ delivered: { added: 59 }, rejected: { added: 1 } });
  });

  it('mirrors: new and changed rows as text, removed ones as records', async () => {
    into({ mode: 'mirror' });
    world.rows = people(100);
    await world.run();
    world.rows = people(120)
      .slice(10)
      .map((row) => (Number(row.id) <= 50 ? { ...row, name: 'other' } : row));
    expect((await world.run()).counts.delivered).toEqual({ added: 20, changed: 40, removed: 10 });
    expect({ ...sent, texts: sent.texts.toSorted((a, b) => a - b) }).toEqual({
      texts: [20, 40, 100],
      records: 10,
    });
    expect(
      await sql(
        `select count(*)::int as n, count(*) filter (where name = 'other')::int as other from people`,
      ),
    ).toEqual([{ n: 110, other: 40 }]);
  });

  it.each(['intend:after', 'deliver:after', 'settle', 'settle:after'])(
    'ends right when its worker dies at %s and another goes on',
    async (at) => {
      into({});
      world.rows = people(25_000);
      const run = world.begin();
      let dead = false;
      world.gate = (call) => {
        dead ||= call === at;
        if (dead) throw new Killed();
      };
      await run.attempt().catch((thrown: unknown) => {
        if (!(thrown instanceof Killed)) throw thrown;
      });
      expect(run.end).toBeNull();
      world.gate = () => undefined;
      await run.attempt();
      expect(run.ended).toMatchObject({ status: 'success', counts: { delivered: { added: 25_000 } } });
      expect(await sql('select count(*)::int as n, sum(age)::int as ages from people')).toEqual([
        { n: 25_000, ages: 1_000_000 },
      ]);
    },
  );
});
