import assert from 'node:assert/strict';
import type { ClientReplay } from './open-replay.ts';

/** As in the vendor's own examples; `objectId` and `associationMappings` come along unasked. */
const configuration = {
  associationMappings: [],
  externalIdMapping: { from: 'id', to: 'id', type: 'standard' },
  mappings: [
    { from: 'email', to: 'email', type: 'standard' },
    { to: 'last_run', type: 'variable', variable: 'sync-run-id' },
    { template: "sync {{ context['sync_id'] }}", to: 'note', type: 'template' },
  ],
  mode: 'upsert',
  object: 'public.people',
  objectId: '0-1',
};

/** Tools that compare what they wrote with what they read, and would change it again for ever. */
export const terraformReplays: ClientReplay[] = [
  {
    name: 'Terraform (henryupton): what was written is what is read, for syncs in the vendor’s words',
    async replay({ send, bearer, database }) {
      const headers = {
        authorization: bearer,
        'content-type': 'application/json',
        'user-agent': 'hightouch_client-go-client/1.0',
      };
      const get = (path: string) => send('GET', path, { headers });
      const sendJson = (method: string, path: string, body: object) =>
        send(method, path, { headers, body: JSON.stringify(body) });
      const make = async (noun: string, body: object) => {
        const made = await sendJson('POST', `/api/v1/${noun}`, body);
        assert.equal(made.status, 200, made.text);
        return made.json;
      };
      const connection = { type: 'postgresql', configuration: database };
      const source = await make('sources', { name: 'tf', slug: 'tf', ...connection });
      const destination = await make('destinations', { name: 'tf', slug: 'tf', ...connection });
      // Neither raw nor isSchema; `sql` is what it reads back.
      const sql = 'select id, email from public.people';
      const query = { sql, queryType: 'raw_sql', primaryKey: 'id' };
      const model = await make('models', { name: 'tf', slug: 'tf', sourceId: source.id, ...query });
      assert.equal(model.sql, sql);
      const changed = await sendJson('PATCH', `/api/v1/models/${model.id}`, {
        name: 'tf',
        sql: `${sql} where id > 0`,
        primaryKey: 'id',
      });
      assert.equal(changed.json.sql, `${sql} where id > 0`, changed.text);
      assert.deepEqual(changed.json.raw, { sql: changed.json.sql });

      const schedule = { type: 'interval', schedule: { interval: { quantity: 1, unit: 'day' } } };
      const sync = await make('syncs', {
        name: 'Terraform sync',
        slug: 'tf',
        sourceId: source.id,
        destinationId: destination.id,
        modelId: model.id,
        configuration,
        schedule,
      });
      const path = `/api/v1/syncs/${sync.id}`;
      const read = async () => (await get(path)).json;
      assert.partialDeepStrictEqual(await read(), { name: 'Terraform sync', configuration, schedule });
      assert.deepEqual((await read()).configuration, configuration);
      const listed = (await get('/api/v1/syncs?slug=tf')).json.data[0];
      assert.deepEqual(listed.configuration, configuration);

      const fewer = { ...configuration, mappings: configuration.mappings.slice(0, 1) };
      const body = { name: 'Renamed', configuration: fewer, schedule, disabled: false };
      const updated = await sendJson('PATCH', path, body);
      assert.equal(updated.status, 200, updated.text);
      assert.deepEqual((await read()).configuration, fewer);
      assert.equal((await read()).name, 'Renamed');

      // A change by somebody who uses Sluice's own words shows, in the words of the one who compares.
      await sendJson('PATCH', path, { configuration: { mode: 'mirror' } });
      assert.deepEqual((await read()).configuration, { ...fewer, mode: 'mirror' });

      const unknown = await sendJson('PATCH', path, {
        configuration: { ...fewer, associationMappings: [{ from: 'a', to: 'b' }] },
      });
      assert.equal(unknown.status, 422, unknown.text);
      assert.deepEqual(Object.keys(unknown.json.details.fields), ['configuration.associationMappings']);
    },
  },
  {
    name: 'Go SDK: syncs and models have no field that its document lacks',
    async replay({ send, bearer }) {
      const read = async (path: string) => {
        const headers = {
          authorization: bearer,
          'user-agent': 'speakeasy-sdk/go 0.31.4 2.277.0 1.0.0 hightouch',
        };
        const answer = await send('GET', `/api/v1${path}`, { headers });
        assert.equal(answer.status, 200, answer.text);
        return answer.json;
      };
      const [sync] = (await read('/syncs')).data;
      assert.deepEqual(Object.keys(await read(`/syncs/${sync.id}`)).toSorted(), goSyncFields);
      assert.deepEqual(Object.keys(sync).toSorted(), goSyncFields);
      for (const model of (await read('/models')).data)
        for (const name of ['sql', 'description', 'lastRunSize']) assert.ok(!(name in model), name);
    },
  },
];

const goSyncFields = [
  'configuration',
  'createdAt',
  'destinationId',
  'disabled',
  'id',
  'lastRunAt',
  'modelId',
  'primaryKey',
  'referencedColumns',
  'schedule',
  'slug',
  'status',
  'updatedAt',
  'workspaceId',
];
