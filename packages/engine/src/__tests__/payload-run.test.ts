import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { countsAddUp } from '@sluice/domain/change';
import type { ReceivedRequest } from '@sluice/testing/http-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pause } from '../deliver/pause.ts';
import { held, people, person, WebTable } from './web-table.ts';
import { Killed } from './world.ts';

let table: WebTable;
beforeEach(async () => {
  table = await WebTable.open();
});
afterEach(() => table.close());

const later = (status: number) => ({ applied: false, answer: { status } });
const keyOf = ({ headers }: { headers: Record<string, string> }) => headers['idempotency-key'];
const sizes = () => table.requests.map((request) => request.json<{ rows: unknown[] }>().rows.length);
const holds = () => expect(Object.fromEntries(table.rows)).toEqual(held(table.world.rows));

describe('a run whose rows go as text', () => {
  it('sends each batch once, and nothing when nothing changed', async () => {
    table.world.rows = people(160);
    expect(await table.world.run()).toMatchObject({
      status: 'success',
      counts: { delivered: { added: 160 } },
    });
    expect(sizes().sort((a, b) => a - b)).toEqual([10, 50, 50, 50]);
    expect(table.texts).toHaveLength(4);
    holds();
    await table.world.run();
    expect(table.requests).toHaveLength(4);
    table.world.rows = [...people(30, 'b'), ...people(160).slice(60)];
    expect((await table.world.run()).counts.delivered).toEqual({ added: 0, changed: 30, removed: 30 });
    expect(table.texts).toHaveLength(5);
    holds();
  });

  it('sends batches with one special row as records, and the others as text', async () => {
    table.world.rows = people(200, 'a', [10, 60, 199]);
    expect((await table.world.run()).counts.delivered.added).toBe(200);
    expect(sizes()).toEqual([50, 50, 50, 50]);
    expect(table.texts.map((request) => request.json<{ rows: { id: string }[] }>().rows[0]?.id)).toEqual([
      '0101',
    ]);
    holds();
  });

  it('sends all as records where there is one in each batch', async () => {
    table.world.rows = people(150, 'a', [1, 100, 101]);
    expect((await table.world.run()).counts.delivered.added).toBe(150);
    expect([sizes(), table.texts.length]).toEqual([[50, 50, 50], 0]);
    holds();
  });

  it.each([429, 503])('sends the same bytes under the same key after %i', async (status) => {
    table.world.rows = people(50);
    table.decide = (_rows, { number }) => (number < 3 ? later(status) : undefined);
    expect((await table.world.run()).status).toBe('success');
    expect(table.requests).toHaveLength(3);
    expect(new Set(table.requests.map((request) => `${keyOf(request)} ${request.body}`)).size).toBe(1);
    holds();
  });

  it('sends the same bytes under the same key when another worker takes it over', async () => {
    table.world.rows = people(120, 'a', [110]);
    const run = table.world.begin();
    table.world.gate = (call) => {
      if (call === 'settle' || call === 'deliver:after') throw new Killed();
    };
    await expect(run.attempt()).rejects.toThrow(Killed);
    const before = table.requests.slice();
    expect(before.length).toBeGreaterThan(0);
    table.world.gate = () => undefined;
    await run.attempt();
    expect(run.ended).toMatchObject({ status: 'success', counts: { delivered: { added: 120 } } });
    const after = table.requests.slice(before.length);
    for (const request of before) {
      expect(after.filter((again) => keyOf(again) === keyOf(request))).toMatchObject([
        { body: request.body },
      ]);
    }
    expect(sizes().slice(before.length)).toEqual([50, 50, 20]);
    holds();
  });

  it('sends the same bytes under the same key when another worker takes over one long row', async () => {
    const long = (letter: string) => [...people(3), { ...person(4, letter.repeat(5 * 1024 * 1024)) }];
    table.world.rows = long('a');
    await table.world.run();
    // With the values before, the row is longer than what is read of a plan at once.
    table.world.rows = long('b');
    const run = table.world.begin();
    table.world.gate = (call) => {
      if (call === 'settle') throw new Killed();
    };
    await expect(run.attempt()).rejects.toThrow(Killed);
    table.world.gate = () => undefined;
    await run.attempt();
    expect(run.ended.counts.delivered.changed).toBe(1);
    const [first, second, ...more] = table.requests.slice(-2);
    expect(second?.body.includes('bbb')).toBe(true);
    expect([keyOf(second as ReceivedRequest), second?.body === first?.body, more]).toEqual([
      keyOf(first as ReceivedRequest),
      true,
      [],
    ]);
    holds();
  });

  it('holds a batch in doubt for a person, and sends the others', async () => {
    table.world.configure({ doubt: 'hold' });
    table.world.rows = people(200);
    const run = table.world.begin();
    // The worker dies with its requests on their way, before any of them can be recorded.
    table.world.gate = (call) => {
      if (call === 'settle') throw new Killed();
    };
    await expect(run.attempt()).rejects.toThrow(Killed);
    const before = table.requests.length;
    table.world.gate = () => undefined;
    await run.attempt();
    const { delivered, uncertain } = run.ended.counts;
    expect(uncertain.added).toBeGreaterThanOrEqual(50);
    expect(delivered.added + uncertain.added).toBe(200);
    const keys = table.requests.map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
    expect(before).toBeGreaterThan(0);
  });

  it('is uncertain of a batch after errors that may have come after the work, until one is taken', async () => {
    table.world.rows = people(100);
    table.decide = (rows) =>
      rows[0]?.id === '0001' ? { applied: true, answer: { status: 500 } } : undefined;
    const { status, counts } = await table.world.run();
    expect([status, counts.delivered.added, counts.uncertain.added]).toEqual(['warning', 50, 50]);
    expect(countsAddUp(counts)).toBe(true);
    table.decide = () => undefined;
    const next = await table.world.run();
    expect([next.status, next.counts.delivered.added]).toEqual(['success', 50]);
    holds();
  });

  it('removes rows that it was uncertain of and that leave the model', async () => {
    table.world.rows = people(60);
    table.decide = () => ({ applied: true, answer: { fault: 'reset' } });
    expect((await table.world.run()).counts.uncertain.added).toBe(60);
    table.world.rows = [];
    table.decide = () => undefined;
    expect((await table.world.run()).counts.delivered.removed).toBe(60);
    expect(table.rows.size).toBe(0);
  });

  it('is uncertain of a refusal where an attempt that died may have arrived', async () => {
    table.world.rows = people(50);
    const run = table.world.begin();
    table.world.gate = (call) => {
      if (call === 'settle') throw new Killed();
    };
    await expect(run.attempt()).rejects.toThrow(Killed);
    table.world.gate = () => undefined;
    table.decide = (rows) => (rows.some(({ id }) => id === '0020') ? later(400) : undefined);
    await run.attempt();
    expect(run.ended.counts).toMatchObject({ delivered: { added: 49 }, uncertain: { added: 1 } });
    expect(run.exceptions.get(20)).toMatchObject({ key: '0020', outcome: 'uncertain', code: 'http_400' });
  });

  it('refuses the guilty row alone', async () => {
    table.world.rows = people(150);
    table.decide = (rows) => (rows.some(({ id }) => id === '0077') ? later(422) : undefined);
    const run = table.world.begin();
    await run.attempt();
    expect(run.ended.counts).toMatchObject({ delivered: { added: 149 }, rejected: { added: 1 } });
    expect([...run.exceptions.values()]).toMatchObject([{ seq: 77, key: '0077', code: 'http_422' }]);
  });

  it('ends when the credentials are refused, and has attempted nothing', async () => {
    table.world.rows = people(150);
    table.decide = () => later(401);
    const { status, error, counts } = await table.world.run();
    expect([status, error?.code, counts.notAttempted.added]).toEqual(['failed', 'destination_auth', 150]);
    expect(table.requests).toHaveLength(1);
    table.decide = () => undefined;
    expect((await table.world.run()).counts.delivered.added).toBe(150);
    holds();
  });

  it('is cancelled between batches, and the rest comes with the next run', async () => {
    table.world.rows = people(500);
    const stop = new AbortController();
    table.decide = (_rows, { number }) => {
      if (number === 3) stop.abort('cancelled');
      return undefined;
    };
    const run = table.world.begin();
    await run.attempt({ signal: stop.signal });
    const { delivered, notAttempted, uncertain } = run.ended.counts;
    expect(run.ended.status).toBe('cancelled');
    expect(delivered.added + notAttempted.added + uncertain.added).toBe(500);
    expect(notAttempted.added).toBeGreaterThan(300);
    expect(table.rows.size).toBe(delivered.added);
    await table.world.run();
    holds();
  });

  it('is cancelled in the middle of a request within two seconds, and uncertain of its rows', async () => {
    table.world.rows = people(200);
    const stop = new AbortController();
    let aborted = 0;
    table.decide = (_rows, { number }) => {
      if (number > 1) return undefined;
      aborted = performance.now();
      stop.abort('cancelled');
      return { applied: true, answer: { fault: 'hang' } };
    };
    const run = table.world.begin();
    await run.attempt({ signal: stop.signal });
    expect(performance.now() - aborted).toBeLessThan(2_000);
    expect(run.ended.counts.uncertain.added).toBe(50);
    table.decide = () => undefined;
    await table.world.run();
    holds();
  });
});

describe('texts that are much longer than their values', () => {
  // `\u0001` takes six characters in JSON.
  it.each([
    [1, 1024 * 1024],
    [100, 80 * 1024],
  ])('reach the destination: %i rows of %i control characters', async (count, length) => {
    table.world.rows = people(count, '\u0001'.repeat(length));
    expect(await table.world.run()).toMatchObject({
      status: 'success',
      counts: { delivered: { added: count } },
    });
    holds();
  });
});

describe('a plan that several workers deliver as text', () => {
  it('is sent once, batch by batch', async () => {
    const shared = await WebTable.open({ concurrency: 1 });
    const { world } = shared;
    world.rows = people(1_000, 'a', [420]);
    const run = world.begin();
    const breath = () => pause(1, new AbortController().signal);
    const worker = { gate: breath, dead: () => false };
    let helped = 0;
    const help = async (): Promise<void> => {
      while (!run.end) {
        const before = shared.requests.length;
        await run.help(worker);
        helped += shared.requests.length - before;
        await breath();
      }
    };
    await Promise.all([run.attempt({ worker: { ...worker, rowsMin: 100 } }), help()]);
    expect(run.ended).toMatchObject({ status: 'success', counts: { delivered: { added: 1_000 } } });
    expect([shared.requests.length, shared.texts.length]).toEqual([20, 19]);
    expect(helped).toBeGreaterThan(0);
    expect(Object.fromEntries(shared.rows)).toEqual(held(world.rows));
    await shared.close();
  });
});

describe('a plan that is gone after rows were sent', () => {
  const lose = (key: string) => rm(join(table.world.directory, 'blobs', key), { force: true });

  it.each([
    ['without an answer', 50, 50, { applied: true, answer: { fault: 'reset' } }],
    ['and refused as a whole', 50, 50, { applied: false, answer: { status: 400 } }],
    // Later batches are read as records, which fails while these are on their way.
    ['before others could be read', 1000, 100, { applied: true, answer: { fault: 'reset' } }],
  ] as const)('%s, leaves them uncertain and not unattempted', async (_what, count, sent, verdict) => {
    table.world.rows = people(
      count,
      'a',
      Array.from({ length: count }, (_, index) => index + 1).filter((id) => id > 100),
    );
    const run = table.world.begin();
    table.decide = () => verdict;
    table.world.gate = async (call) => {
      if (call === 'deliver:after') await lose(run.plan?.blobKey ?? '');
    };
    // What cannot be recorded leaves the run open, with its batches announced.
    await expect(run.attempt()).rejects.toThrow();
    expect([table.requests.length, run.end]).toEqual([sent / 50, null]);
    table.world.gate = () => undefined;
    await run.attempt();
    const { counts, status } = run.ended;
    expect([status, countsAddUp(counts)]).toEqual(['failed', true]);
    // Batches that were announced and never left are in doubt as well.
    expect(counts.uncertain.added).toBeGreaterThanOrEqual(sent);
    // The next run sends them all again.
    table.decide = () => undefined;
    await table.world.run();
    holds();
  });
});
