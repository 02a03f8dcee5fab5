// A worker is killed at each step of a run; another one goes on. Each point is named after the last thing that happened.
import { readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allSettled } from './house/all-settled.ts';
import type { Fate } from './house/customer-api.ts';
import { openHouses } from './house/houses.ts';
import type { House, Pipe } from './house/open-house.ts';
import { expectSettled } from './house/settle.ts';
import { type StatementName, statements } from './house/statements.ts';
import type { WorkerProcess } from './house/worker-process.ts';
import { dice } from './seed.ts';

interface Crash {
  readonly house: House;
  readonly pipe: Pipe;
  readonly victim: WorkerProcess;
  kill(): void;
}

/** Kills before the database gets a statement, or when it has done it and the worker does not know yet. */
const at =
  (side: 'before' | 'after', name: StatementName, nth = 1) =>
  ({ victim, kill }: Crash): void => {
    let seen = 0;
    victim.database.inspect({
      [side]: ({ sql }: { sql: string }) => {
        if (!statements[name].test(sql)) return 'pass';
        seen += 1;
        if (seen < nth) return 'pass';
        kill();
        return 'drop';
      },
    });
  };

/** When the source is asked for the rows, or has sent them all. */
const atCopy =
  (side: 'before' | 'after') =>
  ({ house, kill }: Crash): void => {
    house.source.inspect({
      [side]: ({ sql }: { sql: string }) => {
        if (/^COPY /.test(sql)) kill();
        return 'pass';
      },
    });
  };

/** When the database knows what became of every row of the plan, and the worker does not know it yet. */
const atLastOutcome = ({ house, pipe, victim, kill }: Crash): void => {
  victim.database.inspect({
    after: async ({ sql }: { sql: string }) => {
      if (!statements.settle.test(sql)) return 'pass';
      if (!(await allSettled(house, pipe.syncId))) return 'pass';
      kill();
      return 'drop';
    },
  });
};

const whileReading = ({ house, kill }: Crash): void => {
  house.source.inspectRows((row) => {
    if (row === 20) kill();
    return 'pass';
  });
};

/** At the nth request; what the API does with it although nobody waits for the answer. */
const atRequest =
  (nth: number, applied: Fate['applied']) =>
  ({ pipe, kill }: Crash): void => {
    let seen = 0;
    pipe.collection.decide(() => {
      seen += 1;
      if (seen !== nth) return { applied: 'all' };
      kill();
      return { applied };
    });
  };

/** When a file appears among the blobs of a kind. */
const atBlob =
  (kind: 'plans' | 'ledgers') =>
  ({ house, pipe, kill }: Crash): void => {
    const directory = join(house.ctx.settings.dataDirectory, 'blobs', kind, String(house.actor.workspaceId));
    const folder = join(directory, String(pipe.syncId));
    const before = readdirSync(folder).length;
    const watcher = watch(folder, () => {
      if (readdirSync(folder).length === before) return;
      watcher.close();
      kill();
    });
  };

const points: [string, (crash: Crash) => void][] = [
  ['claimed', at('after', 'claim')],
  ['before its configuration was frozen', at('before', 'freeze')],
  ['configuration frozen', at('after', 'freeze')],
  ['reading begun', atCopy('before')],
  ['a part of the model read', whileReading],
  ['model read', atCopy('after')],
  ['plan written to the blob store', atBlob('plans')],
  ['before the plan was stored', at('before', 'plan')],
  ['plan stored', at('after', 'plan')],
  ['before the first intent', at('before', 'intend')],
  ['first intent recorded, nothing sent', at('after', 'intend')],
  ['request on its way, not applied', atRequest(2, 'none')],
  ['request applied, not answered', atRequest(2, 'all')],
  ['request of the second class applied, not answered', atRequest(4, 'all')],
  ['answered, before the outcome was recorded', at('before', 'settle', 2)],
  ['outcome recorded', at('after', 'settle', 2)],
  ['last outcome recorded', atLastOutcome],
  ['first file of the ledger written', atBlob('ledgers')],
  ['ledger written, before the run was ended', at('before', 'end')],
  ['run ended, answer lost', at('after', 'end')],
];

const houses = openHouses(3);

test.concurrent.each(points)('killed: %s', (_, arm) =>
  houses.use(async (house) => {
    const victim = await house.onlyWorker();
    const pipe = await house.pipe({ rows: 60, batchRows: 10, concurrency: 2 });
    expect((await house.ended(await house.trigger(pipe.syncId))).status).toBe('success');
    await pipe.people.edit(dice(7), { changed: 0.4, removed: 0.4, added: 0.3 });

    arm({ house, pipe, victim, kill: () => victim.signal('SIGKILL') });
    const runId = await house.trigger(pipe.syncId);
    await house.killedAt(runId, victim);
    house.source.inspectRows(null);
    house.source.inspect({});
    pipe.collection.decide(() => ({ applied: 'all' }));
    await house.worker();

    const run = await house.ended(runId);
    expect(run).toMatchObject({ status: 'success', error: null });
    expect(pipe.collection.repeated).toBeLessThanOrEqual(pipe.batchRows * pipe.concurrency);
    expect(await expectSettled(house, pipe)).toHaveLength(1);
  }),
);
