import { SluiceError } from '@sluice/domain/error';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LeaseLost } from '../ports.ts';
import { Killed, unlimited, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open(['id', 'name', 'note']);
});
afterEach(() => world.close());

const person = (id: string | null, name: string | null = `n${id}`, note: string | null = null) => ({
  id,
  name,
  note,
});
const table = () => Object.fromEntries(world.table);
const sent = () => world.requests.flat().map(({ key, class: name }) => `${name} ${key}`);

describe('a run that must not send', () => {
  it('plans nothing from a result that is not complete', async () => {
    world.rows = [person('1'), person('2')];
    await world.run();
    world.requests = [];
    world.rows = [person('1')];
    world.reportedRows = 2;
    const end = await world.run();
    expect(end).toMatchObject({ status: 'failed', error: { code: 'source_ended_early' }, ledger: null });
    expect(world.requests).toEqual([]);
  });

  it('ends when the quota is used up, says until when, and goes on in the next run', async () => {
    world.rows = ['1', '2', '3', '4'].map((id) => person(id));
    world.batchRowsMax = 1;
    world.concurrency = 1;
    const resumeAt = '2026-11-23T00:00:00.000Z';
    world.decide = ({ key }) => {
      if (key < '3') return 'delivered';
      throw new SluiceError('destination_quota', 'Used up for today.', { details: { resumeAt } });
    };
    const end = await world.run();
    expect(end).toMatchObject({
      status: 'failed',
      error: { code: 'destination_quota', details: { resumeAt } },
    });
    expect(end.counts).toMatchObject({ delivered: { added: 2 }, notAttempted: { added: 2 } });
    world.decide = () => 'delivered';
    expect((await world.run()).counts.delivered.added).toBe(2);
  });

  it('has nothing to say of rows that were not admitted', async () => {
    world.rows = [person('1')];
    const stop = new AbortController();
    const run = world.begin();
    await run.attempt({
      signal: stop.signal,
      limiter: {
        open: () => ({
          ...unlimited.open({ batchRowsMax: 1, concurrency: 1, requests: [] }),
          admit: async () => stop.abort('cancelled'),
        }),
      },
    });
    expect(world.requests).toEqual([]);
    expect(run.ended).toMatchObject({ status: 'cancelled', counts: { notAttempted: { added: 1 } } });
  });

  it('names a column that is gone', async () => {
    world.rows = [person('1')];
    world.columns = world.columns.filter(({ name }) => name !== 'note');
    expect(await world.run()).toMatchObject({
      status: 'failed',
      error: { code: 'model_column_missing', message: expect.stringContaining('"note"') },
    });
    world.primaryKey = 'uuid';
    expect(await world.run()).toMatchObject({ error: { code: 'model_primary_key_missing' } });
  });

  it('stops before a mass removal, unless told otherwise', async () => {
    world.batchRowsMax = 500;
    world.configure({ guards: { removedShareMax: 0.3, changedRowsMax: null } });
    world.rows = Array.from({ length: 300 }, (_, index) => person(String(index)));
    await world.run();
    world.requests = [];
    world.rows = world.rows.slice(0, 199);
    const end = await world.run();
    expect(end).toMatchObject({
      status: 'failed',
      error: { code: 'run_guard', message: expect.stringContaining('101 of 300') },
      ledger: null,
    });
    expect(end.counts.notAttempted.removed).toBe(101);
    expect(world.requests).toEqual([]);
    expect((await world.run({ ignoreGuards: true })).counts.delivered.removed).toBe(101);
    world.rows = world.rows.slice(0, 100);
    expect((await world.run()).status).toBe('success');
  });

  it('stops before it touches more rows than allowed', async () => {
    world.configure({ guards: { removedShareMax: null, changedRowsMax: 2 } });
    world.rows = ['1', '2', '3'].map((id) => person(id));
    expect(await world.run()).toMatchObject({ status: 'failed', error: { code: 'run_guard' } });
    expect(world.requests).toEqual([]);
  });
});

describe('a run that is stopped', () => {
  it('keeps what was acknowledged when it is cancelled, and plans the rest again', async () => {
    world.rows = Array.from({ length: 9 }, (_, index) => person(String(index)));
    world.concurrency = 1;
    const cancel = new AbortController();
    world.gate = (call) => {
      if (call === 'settle:after') cancel.abort('cancelled');
    };
    const run = world.begin();
    await run.attempt({ signal: cancel.signal });
    expect(run.ended.status).toBe('cancelled');
    expect(run.ended.counts.delivered.added).toBe(3);
    expect(run.ended.counts.notAttempted.added).toBe(6);
    world.gate = () => undefined;
    expect((await world.run()).counts).toMatchObject({ unchanged: 3, planned: { added: 6 } });
  });

  it('is cancelled while it reads', async () => {
    const cancel = new AbortController();
    world.gate = (call) => {
      if (call === 'spool') cancel.abort('cancelled');
    };
    const run = world.begin();
    await run.attempt({ signal: cancel.signal });
    expect(run.ended).toMatchObject({ status: 'cancelled', ledger: null, error: null });
  });

  it('writes nothing more when the lease is lost', async () => {
    world.rows = ['1', '2', '3', '4'].map((id) => person(id));
    const lose = new AbortController();
    world.gate = (call) => {
      if (call === 'deliver:after') lose.abort('lost');
    };
    const run = world.begin();
    await expect(run.attempt({ signal: lose.signal })).rejects.toThrow(LeaseLost);
    expect(run.end).toBeNull();
    expect([...run.batches.values()].every(({ state }) => state === 'intended')).toBe(true);
  });

  it('records the answers it waits for when the worker shuts down, and goes on elsewhere', async () => {
    world.rows = Array.from({ length: 9 }, (_, index) => person(String(index)));
    const shutdown = new AbortController();
    world.gate = (call) => {
      if (call === 'deliver:after') shutdown.abort('shutdown');
    };
    const run = world.begin();
    await expect(run.attempt({ signal: shutdown.signal })).rejects.toThrow(LeaseLost);
    world.gate = () => undefined;
    await run.attempt();
    expect(run.ended).toMatchObject({ status: 'success', counts: { delivered: { added: 9 } } });
    expect(sent()).toHaveLength(9);
  });

  it('stops at an error that makes going on useless, and commits what was done', async () => {
    world.rows = Array.from({ length: 9 }, (_, index) => person(String(index)));
    world.concurrency = 1;
    world.gate = (call) => {
      if (call === 'deliver:before' && world.requests.length === 1) {
        throw new SluiceError('destination_auth', 'The token was refused.');
      }
    };
    const end = await world.run();
    expect(end).toMatchObject({ status: 'failed', error: { code: 'destination_auth' }, ledger: { rows: 3 } });
    expect(end.counts.notAttempted.added).toBe(6);
  });

  it('stops when the destination takes nothing any more', async () => {
    world.rows = Array.from({ length: 40 }, (_, index) => person(String(index)));
    world.batchRowsMax = 1;
    world.concurrency = 1;
    world.decide = () => 'retry';
    const end = await world.run();
    expect(end).toMatchObject({ status: 'failed', error: { code: 'destination_failed' } });
    expect(end.counts.rejected.added).toBe(10);
    expect(end.counts.notAttempted.added).toBe(30);
  });

  it('sends rows again that may work later', async () => {
    world.rows = [person('1')];
    world.decide = (_record, attempt) => (attempt < 3 ? 'retry' : 'delivered');
    expect((await world.run()).status).toBe('success');
    expect(world.requests).toHaveLength(3);
  });

  it('keeps a row in doubt that is refused after an interrupted attempt', async () => {
    world.rows = [person('1')];
    const run = world.begin();
    let dead = false;
    world.gate = (call) => {
      dead ||= call === 'deliver:after';
      if (dead) throw new Killed();
    };
    await expect(run.attempt()).rejects.toThrow(Killed);
    world.gate = () => undefined;
    world.decide = () => 'rejected';
    await run.attempt();
    expect(run.ended).toMatchObject({ status: 'warning', counts: { uncertain: { added: 1 } } });
    world.rows = [];
    world.decide = () => 'delivered';
    await world.run();
    expect(table()).toEqual({});
  });

  it('books interrupted requests as uncertain when the next attempt is cancelled at once', async () => {
    world.rows = [person('1')];
    const run = world.begin();
    let dead = false;
    world.gate = (call) => {
      dead ||= call === 'deliver:after';
      if (dead) throw new Killed();
    };
    await expect(run.attempt()).rejects.toThrow(Killed);
    world.gate = () => undefined;
    await run.attempt({ signal: AbortSignal.abort('cancelled') });
    expect(run.ended).toMatchObject({
      status: 'cancelled',
      counts: { uncertain: { added: 1 } },
      ledger: { rows: 1 },
    });
  });
});
