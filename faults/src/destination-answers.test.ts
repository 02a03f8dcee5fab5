// A destination that gives every kind of wrong answer in the middle of a run, or none. What the run says afterwards is
// right, and the next one puts everything in its place.
import { gzipSync } from 'node:zlib';
import { sumCounts } from '@sluice/domain/change';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Collection, Entry, Fate } from './house/customer-api.ts';
import { type House, openHouse } from './house/open-house.ts';
import { expectSettled } from './house/settle.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.worker();
});
afterAll(() => house.close());

const rows = 60;
const batchRows = 10;

interface Case {
  readonly name: string;
  /** What happens to the nth request of the run; `undefined`: all is well. */
  readonly fate: (nth: number, entry: Entry, collection: Collection) => Fate | undefined;
  readonly ends: 'success' | 'warning' | 'failed';
  readonly rejected?: number;
  readonly uncertain?: number;
  readonly code?: string;
  /** Requests of the run at most. */
  readonly requestsMax?: number;
}

const well: Fate = { applied: 'all' };
/** The second request alone. */
const second = (fate: Fate) => (nth: number) => (nth === 2 ? fate : undefined);
const status = (
  code: number,
  headers: Record<string, string> = {},
  applied: Fate['applied'] = 'none',
): Fate => ({
  applied,
  answer: { status: code, headers, body: { message: `answer ${code}` } },
});
const body = (text: unknown, headers: Record<string, string> = {}): Fate => ({
  applied: 'all',
  answer: { status: 200, body: text, headers },
});
/** Which rows arrived nobody can know. */
const unknown = { ends: 'warning', uncertain: batchRows } as const;

const tooMany: Case[] = [
  ['in seconds', () => '1'],
  ['as a date', () => new Date(Date.now() + 2_000).toUTCString()],
].map(([name, header]) => ({
  name: `429 with Retry-After ${name}`,
  ends: 'success',
  fate(nth, _, collection) {
    if (nth !== 3) return undefined;
    collection.closeFor(1_000, 400);
    return status(429, { 'retry-after': (header as () => string)() });
  },
}));

const cases: Case[] = [
  ...tooMany,
  { name: '429 without Retry-After', fate: second(status(429)), ends: 'success' },
  {
    name: '429 with a Retry-After that is no time',
    fate: second(status(429, { 'retry-after': 'soon' })),
    ends: 'success',
  },
  {
    name: '429 with a negative Retry-After',
    fate: second(status(429, { 'retry-after': '-5' })),
    ends: 'success',
  },
  { name: 'a burst of 500', fate: (nth) => (nth <= 4 ? status(500) : undefined), ends: 'success' },
  {
    name: 'a burst of 500 after the work was done',
    fate: (nth) => (nth <= 4 ? status(500, {}, 'all') : undefined),
    ends: 'success',
  },
  { name: 'a burst of 503', fate: (nth) => (nth <= 4 ? status(503) : undefined), ends: 'success' },
  {
    name: '502, 504 and 408 by turns',
    fate: (nth) => (nth <= 3 ? status([502, 504, 408][nth - 1] ?? 502) : undefined),
    ends: 'success',
  },
  { name: '500 without end', fate: () => status(500), ends: 'warning', uncertain: rows },
  {
    name: 'a hang before the work',
    fate: second({ applied: 'none', answer: { fault: 'hang' } }),
    ...unknown,
  },
  { name: 'a hang after the work', fate: second({ applied: 'all', answer: { fault: 'hang' } }), ...unknown },
  {
    name: 'a reset before the work',
    fate: second({ applied: 'none', answer: { fault: 'reset' } }),
    ...unknown,
  },
  {
    name: 'a reset after the work',
    fate: second({ applied: 'all', answer: { fault: 'reset' } }),
    ...unknown,
  },
  { name: 'an answer byte by byte', fate: second({ applied: 'all', answer: { fault: 'drip' } }), ...unknown },
  {
    name: 'an answer that is cut',
    fate: second({ applied: 'all', answer: { fault: 'cut', body: '{"results":[' } }),
    ...unknown,
  },
  { name: 'half a batch', fate: second({ applied: 'half' }), ends: 'warning', rejected: batchRows / 2 },
  { name: '200 with nothing', fate: second(body('')), ...unknown },
  { name: '200 with null', fate: second(body('null')), ...unknown },
  { name: '200 with HTML', fate: second(body('<html><title>Maintenance</title></html>')), ...unknown },
  {
    name: '200 with JSON that ends early',
    fate: second(body('{"results":[{"id":1,"status":"ok"}')),
    ...unknown,
  },
  { name: '200 with results of another type', fate: second(body({ results: 7 })), ...unknown },
  {
    name: '200 with results of other rows',
    fate: second(body({ results: [{ id: 'x', status: 'ok' }] })),
    ...unknown,
  },
  {
    name: '200 with results of only some rows',
    fate: (nth, { people }) =>
      nth === 2 ? body({ results: people.slice(0, 4).map(({ id }) => ({ id, status: 'ok' })) }) : undefined,
    ends: 'warning',
    uncertain: batchRows - 4,
  },
  { name: '200 with JSON 100,000 levels deep', fate: second(body('['.repeat(100_000))), ...unknown },
  {
    name: '200 with __proto__',
    fate: second(body('{"__proto__":{"results":[]},"constructor":1}')),
    ...unknown,
  },
  { name: '200 with 6 MB', fate: second(body(' '.repeat(6_000_000))), ...unknown },
  {
    name: '200 with a bomb of 60 MB',
    fate: second(
      body(gzipSync(Buffer.alloc(60_000_000, ' ')), {
        'content-encoding': 'gzip',
        'content-type': 'application/json',
      }),
    ),
    ...unknown,
  },
  {
    name: '413 for more than five rows',
    fate: (_, { people }) => (people.length > 5 ? status(413) : undefined),
    ends: 'success',
  },
  {
    name: '422 because of one row',
    fate: (_, { people }) => (people.some(({ id }) => id === 23) ? status(422) : undefined),
    ends: 'warning',
    rejected: 1,
    requestsMax: rows / batchRows + 2 * Math.ceil(Math.log2(batchRows)),
  },
  {
    name: 'a redirect',
    fate: second(status(302, { location: 'http://127.0.0.1:9/' })),
    ends: 'warning',
    rejected: batchRows,
  },
  { name: '401', fate: () => status(401), ends: 'failed', code: 'destination_auth', requestsMax: 1 },
  { name: '403', fate: () => status(403), ends: 'failed', code: 'destination_permission', requestsMax: 1 },
];

test.concurrent.each(cases)(
  '$name',
  async ({ fate, ends, rejected = 0, uncertain = 0, code, requestsMax }) => {
    const pipe = await house.pipe({ rows, batchRows, concurrency: 2, alone: true });
    const { collection } = pipe;
    let nth = 0;
    collection.decide((entry) => {
      nth += 1;
      return fate(nth, entry, collection) ?? well;
    });
    const run = await house.ended(await house.trigger(pipe.syncId));
    expect(run).toMatchObject({ status: ends, error: code ? { code } : null });
    expect(sumCounts(run.counts.rejected)).toBe(rejected);
    expect(sumCounts(run.counts.uncertain)).toBe(uncertain);
    expect(sumCounts(run.counts.delivered)).toBe(ends === 'failed' ? 0 : rows - rejected - uncertain);
    if (requestsMax) expect(collection.book.length).toBeLessThanOrEqual(requestsMax);
    expectSameKeys(collection);
    collection.decide(() => well);
    await expectSettled(house, pipe);
  },
);

/** The same rows with the same values carried the same idempotency key on every try of the run. */
function expectSameKeys({ book }: Collection): void {
  const keys = new Map<string, string>();
  for (const { operation, people, idempotencyKey } of book) {
    const content = `${operation} ${people.map(({ id, version }) => `${id}:${version}`)}`;
    expect(keys.get(content) ?? idempotencyKey).toBe(idempotencyKey);
    keys.set(content, idempotencyKey);
  }
}
