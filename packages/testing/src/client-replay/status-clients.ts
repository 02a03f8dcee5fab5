import assert from 'node:assert/strict';
import { until } from '../until.ts';
import { type ClientReplay, knownWords } from './open-replay.ts';

const json = { 'content-type': 'application/json' };
const waitMs = 60_000;

/** Clients that read the status of the sync, or ask at addresses of before 2022. */
export const statusReplays: ClientReplay[] = [
  {
    name: 'Prefect 2: the sync turns with the trigger, before its answer, and ends with the run',
    async replay({ send, get, bearer, sync }) {
      const path = `/api/v1/syncs/${sync.id}`;
      const before = (await get(path)).json;
      const started = await send('POST', `${path}/trigger`, {
        headers: { authorization: bearer, ...json },
        body: '{"fullResync": true}',
      });
      assert.equal(started.status, 200, started.text);
      const turned = (await get(path)).json;
      assert.ok(Date.parse(turned.lastRunAt) > Date.parse(before.lastRunAt));
      const words = new Set<string>([turned.status]);
      await until(
        'the end of the sync',
        async () => {
          const { status } = (await get(path)).json;
          words.add(status);
          return status === 'success';
        },
        waitMs,
      );
      for (const word of words) assert.ok(knownWords.includes(word), word);
      assert.partialDeepStrictEqual((await get(`${path}/runs?limit=1`)).json.data[0], {
        id: Number(started.json.id),
        querySize: 3,
        successfulRows: { addedCount: 3 },
      });
    },
  },
  {
    name: 'Airflow 2.x, Prefect 1 and Keboola: start at the old address and wait for the run that follows',
    async replay({ send, get, bearer, sync }) {
      const newest = (await get(`/api/v1/syncs/${sync.id}/runs?limit=1`)).json.data[0].id;
      const started = await send('POST', `/api/v2/rest/run/${sync.id}`, {
        headers: {
          authorization: bearer,
          accept: 'application/json',
          'user-agent': 'AirflowHightouchOperator/2.1.2',
        },
      });
      assert.equal(started.status, 200, started.text);
      assert.deepEqual(Object.keys(started.json).toSorted(), ['latest_sync_run_id', 'message']);
      assert.equal(started.json.latest_sync_run_id, newest);
      assert.equal(typeof started.json.message, 'string');
      const path = `/api/v2/rest/sync/${sync.id}`;
      const job = await until(
        'the end of the run',
        async () => {
          const { json: answer } = await get(`${path}?latest_sync_run_id=${newest}`);
          // Any other word raises.
          assert.ok(airflowWords.includes(answer.sync.sync_status), answer.sync.sync_status);
          return answer.last_sync_run.sync_run_id && answer.sync.sync_status === 'success' ? answer : null;
        },
        waitMs,
      );
      const wanted = job.last_sync_run.sync_run_id;
      assert.ok(Number(wanted) > newest);
      // Prefect 1 and Keboola ask without a run, with a JSON type.
      const plain = await send('GET', path, { headers: { authorization: bearer, ...json } });
      assert.equal(plain.json.sync.sync_status, 'success');
      const ahead = await get(`${path}?latest_sync_run_id=${wanted}`);
      assert.deepEqual(ahead.json.last_sync_run, {});
    },
  },
  {
    name: 'tap-hightouch: each field has the type of its stream',
    async replay({ get, sync }) {
      const { json: row } = await get(`/api/v2/rest/sync/${sync.id}`);
      const { sync: state, last_sync_run: run } = row;
      assert.deepEqual(Object.keys(row).toSorted(), [
        'destination_id',
        'id',
        'last_sync_run',
        'model_id',
        'sync',
      ]);
      assert.equal(row.id, sync.id);
      assert.equal(typeof row.model_id, 'number');
      assert.equal(typeof row.destination_id, 'number');
      assert.deepEqual(
        { ...state, sync_created_at: '', last_run_at: '' },
        {
          sync_id: sync.id,
          sync_paused: false,
          sync_created_at: '',
          sync_created_by: null,
          sync_schedule: null,
          sync_status: 'success',
          last_run_at: '',
        },
      );
      assert.match(state.sync_created_at, /Z$/);
      assert.match(state.last_run_at, /Z$/);
      assert.deepEqual(Object.keys(run).toSorted(), [
        'sync_run_created_at',
        'sync_run_error',
        'sync_run_finished_at',
        'sync_run_id',
      ]);
      assert.match(run.sync_run_id, /^\d+$/);
      assert.equal(run.sync_run_error, null);
    },
  },
  {
    name: 'Airflow 1.x: four words are all it knows',
    async replay({ send, get, bearer, sync }) {
      const headers = { authorization: bearer, accept: 'application/json' };
      const started = await send('POST', `/api/v1/rest/triggerSync/${sync.id}`, { headers });
      assert.equal(started.json.success, true, started.text);
      await until(
        'the end of the run',
        async () => {
          const { status } = (await get(`/api/v1/rest/syncStatus/${sync.id}`)).json.sync;
          assert.ok(['pending', 'running', 'succeeded'].includes(status), status);
          return status === 'succeeded';
        },
        waitMs,
      );
    },
  },
];

const airflowWords = [
  'cancelled',
  'failed',
  'pending',
  'warning',
  'success',
  'querying',
  'processing',
  'queued',
];
