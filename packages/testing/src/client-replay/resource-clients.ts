import assert from 'node:assert/strict';
import { type ClientReplay, replayConfiguration, replayQuery } from './open-replay.ts';

/** Clients that list, create and change resources. */
export const resourceReplays: ClientReplay[] = [
  {
    name: 'ht CLI, DataHub and PostHog: lists of everything page to their end',
    async replay({ get, sync }) {
      for (const noun of ['sources', 'models', 'destinations', 'syncs']) {
        const all = (await get(`/api/v1/${noun}?limit=100&offset=0`)).json;
        assert.equal(all.hasMore, false);
        const ids: number[] = [];
        for (let offset = 0; ; offset += 1) {
          const page = (await get(`/api/v1/${noun}/?limit=1&offset=${offset}&orderBy=createdAt`)).json;
          ids.push(...page.data.map(({ id }: { id: number }) => id));
          if (!page.hasMore) break;
        }
        assert.deepEqual(
          ids,
          all.data.map(({ id }: { id: number }) => id),
        );
        const [{ slug }] = all.data;
        assert.equal((await get(`/api/v1/${noun}?slug=${slug}`)).json.data.length, 1);
        assert.deepEqual((await get(`/api/v1/${noun}?slug=no-such-slug`)).json, { data: [], hasMore: false });
      }
      assert.equal((await get(`/api/v1/syncs/${sync.id}/runs?limit=10`)).json.data.length, 10);
    },
  },
  {
    name: 'SDKs and Terraform: create, read, change and see the change',
    async replay(target) {
      const { get, send, sendJson, bearer, database } = target;
      const source = (
        await sendJson('POST', '/api/v1/sources', {
          name: 'Terraform',
          slug: 'terraform',
          type: 'postgresql',
          configuration: { ...database, port: String(database.port) },
        })
      ).json;
      assert.partialDeepStrictEqual(source, { slug: 'terraform', type: 'postgresql' });
      assert.equal(typeof source.id, 'number');
      assert.ok(!JSON.stringify(source).includes(String(database.password)));
      const merged = await sendJson('PATCH', `/api/v1/sources/${source.id}.0`, {
        name: 'Warehouse 2',
        configuration: { connectTimeout: undefined },
      });
      assert.partialDeepStrictEqual(merged.json, {
        name: 'Warehouse 2',
        configuration: { user: database.user },
      });
      const model = await sendJson('POST', '/api/v1/models?skipColumnQuery=false', {
        name: 'People',
        slug: 'people-terraform',
        sourceId: String(source.id),
        queryType: 'raw_sql',
        primaryKey: 'id',
        isSchema: false,
        raw: { sql: replayQuery },
      });
      assert.equal(model.status, 200, model.text);
      const created = await sendJson('POST', '/api/v1/syncs', {
        name: 'ignored',
        slug: 'people-api',
        sourceId: source.id,
        modelId: String(model.json.id),
        destinationId: String(target.destinationId),
        configuration: replayConfiguration,
        schedule: {},
        disabled: false,
      });
      assert.equal(created.status, 200, created.text);
      assert.equal(created.json.schedule, null);
      const path = `/api/v1/syncs/${created.json.id}`;
      const visual = {
        type: 'custom',
        schedule: { expressions: [{ days: { monday: true, friday: true }, time: '06:30' }] },
      };
      const scheduled = await sendJson('PATCH', path, { schedule: visual, disabled: 'true' });
      assert.partialDeepStrictEqual(scheduled.json, {
        schedule: { ...visual, type: 'visual' },
        disabled: true,
        status: 'disabled',
      });
      // What was read may be sent back as a whole.
      const { json: read } = await get(path);
      const again = (await sendJson('PATCH', path, read)).json;
      assert.deepEqual({ ...again, updatedAt: '' }, { ...read, updatedAt: '' });
      const moved = await sendJson('PATCH', path, { destinationId: target.otherDestinationId });
      assert.equal(moved.status, 422);
      assert.equal(moved.json.message, 'Validation failed');
      assert.match(moved.json.details.fields.destinationId, /stays/);
      assert.equal((await send('DELETE', path, { headers: { authorization: bearer } })).status, 204);
      assert.equal((await get(path)).status, 404);
    },
  },
  {
    name: 'all: wrong credentials of any kind are 401 before anything else',
    async replay({ send, bearer }) {
      for (const authorization of ['', 'Basic YTpi', 'Bearer', 'Bearer nope', bearer.slice(7)]) {
        for (const path of ['/api/v1/syncs', '/api/v1/syncs/999', '/api/v2/rest/sync/1', '/api/v1/nowhere']) {
          const answer = await send('GET', path, { headers: { authorization } });
          assert.equal(answer.status, 401, `${authorization} ${path}`);
          assert.equal(typeof answer.json.message, 'string');
        }
      }
    },
  },
];
