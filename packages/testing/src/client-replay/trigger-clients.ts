import assert from 'node:assert/strict';
import { until } from '../until.ts';
import { type ClientReplay, endedWords, knownWords, type ReplayTarget } from './open-replay.ts';

interface Client {
  readonly name: string;
  /** Headers that it sends with everything. */
  readonly headers?: Record<string, string>;
  readonly trigger: (
    sync: ReplayTarget['sync'],
  ) => [path: string, headers?: Record<string, string>, body?: string];
  /** How it asks for the run that its trigger named. */
  readonly poll: (id: number, run: string) => string;
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const exponent = (id: number | string) => Number(id).toExponential().replace('+', '%2B');
const byRunId = (id: number, run: string) => `/api/v1/syncs/${id}/runs?runId=${run}`;

const clients: Client[] = [
  {
    name: 'Kestra: JSON type without a body',
    headers: { ...json, accept: 'application/json' },
    trigger: ({ id }) => [`/api/v1/syncs/${id}/trigger`],
    poll: byRunId,
  },
  {
    name: 'Airflow: a form',
    headers: { accept: 'application/json', 'user-agent': 'AirflowHightouchOperator/4.0.0' },
    trigger: ({ id }) => ['/api/v1/syncs/trigger', form, `syncId=${id}`],
    poll: byRunId,
  },
  {
    name: 'Airflow by slug: a form',
    headers: { accept: 'application/json' },
    trigger: ({ slug }) => ['/api/v1/syncs/trigger', form, `syncSlug=${slug}`],
    poll: byRunId,
  },
  {
    name: 'Dagster: neither type nor body',
    headers: { accept: '*/*', 'user-agent': 'HightouchDagsterOp/0.29.5', 'content-length': '0' },
    trigger: ({ id }) => [`/api/v1/syncs/${id}/trigger`],
    poll: byRunId,
  },
  {
    name: 'Mage: full resync as a JSON boolean',
    headers: json,
    trigger: ({ id }) => [`/api/v1/syncs/${id}/trigger`, {}, '{"fullResync": false}'],
    poll: byRunId,
  },
  {
    name: 'GitHub Action, older: strings for everything',
    headers: { ...json, accept: 'application/json, text/plain, */*', 'user-agent': 'axios/1.7.2' },
    trigger: ({ id }) => ['/api/v1/syncs/trigger', {}, `{"syncId":"${id}","fullResync":"false"}`],
    poll: byRunId,
  },
  {
    name: 'GitHub Action: curl without anything',
    headers: { accept: '*/*', 'user-agent': 'curl/8.5.0' },
    trigger: ({ id }) => [`/api/v1/syncs/${id}/trigger`],
    poll: byRunId,
  },
  {
    name: 'ht CLI: an empty content type, the newest five runs',
    headers: { 'content-type': '' },
    trigger: ({ id }) => [`/api/v1/syncs/${id}/trigger`],
    poll: (id) => `/api/v1/syncs/${id}/runs?limit=5`,
  },
  {
    name: 'Go SDK: ids as floats with exponents',
    headers: { ...json, 'user-agent': 'speakeasy-sdk/go 0.31.4' },
    trigger: ({ id }) => [`/api/v1/syncs/${exponent(id)}/trigger`, {}, '{"fullResync":"false"}'],
    poll: (id, run) => `/api/v1/syncs/${exponent(id)}/runs?runId=${exponent(run)}`,
  },
  {
    name: 'Python SDK: ids as floats',
    headers: { ...json, 'user-agent': 'speakeasy-sdk/python 0.21.0' },
    trigger: ({ id }) => [`/api/v1/syncs/${id}.0/trigger`, {}, '{"fullResync": "false", "resetCDC": false}'],
    poll: (id, run) => `/api/v1/syncs/${id}.0/runs?runId=${run}.0`,
  },
  {
    name: 'Shipyard and scripts with requests: no type, no body',
    headers: { accept: '*/*', 'user-agent': 'python-requests/2.32.3', 'content-length': '0' },
    trigger: ({ id }) => [`/api/v1/syncs/${id}/trigger`],
    poll: (id, run) => `/api/v1/syncs/${id}/runs/?runId=${run}`,
  },
  {
    name: 'axios services: null for what is not said',
    headers: json,
    trigger: ({ id }) => [
      '/api/v1/syncs/trigger',
      {},
      `{"syncId":${id},"syncSlug":null,"fullResync":null,"clearAndFill":false}`,
    ],
    poll: (id, run) => `/api/v1/syncs/${id}/runs?runId=${run}&limit=1&offset=0&orderBy=createdAt`,
  },
];

/** Clients that start a run and ask for it until it has ended. */
export const triggerReplays: ClientReplay[] = clients.map((client) => ({
  name: `${client.name}: starts a run and waits for its end`,
  replay: (target) => startAndWait(target, client),
}));

async function startAndWait(target: ReplayTarget, client: Client): Promise<void> {
  const [path, headers, body] = client.trigger(target.sync);
  const started = await target.send('POST', path, {
    headers: { authorization: target.bearer, ...client.headers, ...headers },
    ...(body !== undefined && { body }),
  });
  assert.equal(started.status, 200, started.text);
  assert.match(String(started.headers['content-type']), /^application\/json/);
  const run: string = started.json.id;
  assert.match(run, /^\d+$/);

  const poll = client.poll(target.sync.id, run);
  const first = await target.get(poll);
  assert.equal(first.status, 200, first.text);
  // Several clients take [0] of the very first answer.
  assertRun(first.json.data[0], run);
  const last = await until(
    `the end of run ${run}`,
    async () => {
      const [now] = (await target.get(poll)).json.data;
      assertRun(now, run);
      return endedWords.includes(now.status) ? now : null;
    },
    60_000,
  );
  assert.partialDeepStrictEqual(last, { status: 'success', completionRatio: 1, error: null });
  assert.match(last.startedAt, /Z$/);
  assert.match(last.finishedAt, /Z$/);
}

/** Fields and types that Kestra, Airflow, Dagster, Mage and the SDKs read, from the first answer on. */
function assertRun(run: Record<string, unknown>, id: string): void {
  assert.equal(run.id, Number(id));
  assert.ok(knownWords.includes(String(run.status)), String(run.status));
  assert.ok(run.error === null || typeof run.error === 'string');
  assert.ok('startedAt' in run && 'finishedAt' in run);
  assert.ok(Number.isInteger(run.querySize));
  assert.ok(Number(run.completionRatio) >= 0 && Number(run.completionRatio) <= 1);
  for (const name of ['plannedRows', 'successfulRows', 'failedRows']) {
    const counts = run[name] as Record<string, unknown>;
    assert.deepEqual(Object.keys(counts).toSorted(), ['addedCount', 'changedCount', 'removedCount']);
    assert.ok(Object.values(counts).every(Number.isInteger));
  }
}
