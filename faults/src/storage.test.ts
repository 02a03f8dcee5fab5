// The disk is full, or files of Sluice are gone or cut. The run says why it failed; the ledger stays as it was.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allSettled } from './house/all-settled.ts';
import { type House, openHouse, type Pipe } from './house/open-house.ts';
import { expectSettled } from './house/settle.ts';
import { soon } from './house/soon.ts';
import { statements } from './house/statements.ts';
import { dice } from './seed.ts';

/** Rows that take more room than there is. */
const flood = (pipe: Pipe) =>
  pipe.people.run(`update ${pipe.people.table} set name = repeat(md5(id::text), 4000)`);
const ebb = (pipe: Pipe) =>
  pipe.people.run(`update ${pipe.people.table} set name = 'small again', version = version + 1000`);

const ledgerOf = async (house: House, { syncId }: Pipe) =>
  house.ctx.db.sync.findUniqueOrThrow({
    where: { id: syncId },
    select: { ledgerKey: true, ledgerRows: true },
  });

async function expectFull(house: House, pipe: Pipe): Promise<void> {
  const before = { ledger: await ledgerOf(house, pipe), requests: pipe.collection.book.length };
  await flood(pipe);
  const run = await house.ended(await house.trigger(pipe.syncId));
  expect(run).toMatchObject({ status: 'failed', error: { code: 'storage_full' } });
  expect(pipe.collection.book.length).toBe(before.requests);
  expect(await ledgerOf(house, pipe)).toEqual(before.ledger);
  await soon(
    'the work directory to be empty',
    () => readdirSync(join(house.ctx.settings.dataDirectory, 'work')).length === 0,
  );
  await ebb(pipe);
  expect(await expectSettled(house, pipe)).toHaveLength(2);
}

describe('with a limit on the size of files', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
    // 10,000 blocks of 512 bytes, or of 1 KiB in some shells.
    await house.worker({ wrap: ['sh', '-c', 'ulimit -f 10000; exec "$@"', 'sh'] });
  });
  afterAll(() => house.close());

  test('a result that does not fit fails the run and leaves nothing behind', async () => {
    const pipe = await house.pipe({ rows: 400, batchRows: 100 });
    await house.ended(await house.trigger(pipe.syncId));
    await expectFull(house, pipe);
  });
});

const mounted = mountSmall();
describe.runIf(mounted)('on a disk of 24 MB', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ environment: { DATA_DIR: String(mounted) } });
    await house.worker();
  });
  afterAll(async () => {
    await house.close();
    execFileSync('umount', ['--lazy', String(mounted)]);
  });
  const ballast = join(String(mounted), 'ballast');
  afterEach(() => rmSync(ballast, { force: true }));

  test('a result that does not fit fails the run and leaves nothing behind', async () => {
    const pipe = await house.pipe({ rows: 400, batchRows: 100 });
    await house.ended(await house.trigger(pipe.syncId));
    await expectFull(house, pipe);
  });

  test('a disk that fills up before the ledger is written loses no acknowledgement', async () => {
    const worker = await house.onlyWorker();
    const pipe = await house.pipe({ rows: 200, batchRows: 20 });
    worker.database.inspect({
      async after({ sql }) {
        if (statements.settle.test(sql) && (await allSettled(house, pipe.syncId))) fill(ballast);
        return 'pass' as const;
      },
    });
    const runId = await house.trigger(pipe.syncId);
    await soon('the failed attempt', () => /run was interrupted/.test(worker.output()));
    expect(pipe.collection.held.size).toBe(200);
    rmSync(ballast);
    expect(await house.ended(runId)).toMatchObject({
      status: 'success',
      counts: { delivered: { added: 200 } },
    });
    expect(pipe.collection.repeated).toBe(0);
    expect(await expectSettled(house, pipe)).toHaveLength(1);
  });
});

describe('when files of Sluice are damaged', () => {
  let house: House;
  let pipe: Pipe;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    await house.onlyWorker();
    pipe = await house.pipe({ rows: 60, batchRows: 10, concurrency: 2 });
    expect((await house.ended(await house.trigger(pipe.syncId))).status).toBe('success');
  });

  const folderOf = (kind: 'ledgers' | 'plans') =>
    join(
      house.ctx.settings.dataDirectory,
      'blobs',
      kind,
      String(house.actor.workspaceId),
      String(pipe.syncId),
    );
  /** The newest file with this ending, which differs between manifests and tables. */
  const newest = (kind: 'ledgers' | 'plans', ending: string): string => {
    const [first] = readdirSync(folderOf(kind))
      .filter((name) => name.endsWith(ending))
      .map((name) => join(folderOf(kind), name))
      .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    if (!first) throw new Error(`no ${kind} that end in ${ending}`);
    return first;
  };
  const half = (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2));
  const gone = (path: string) => rmSync(path);

  test.each([
    ['the list of the ledger is gone', '.json', gone],
    ['the list of the ledger is cut', '.json', half],
    ['a table of the ledger is gone', '.parquet', gone],
    ['a table of the ledger is cut', '.parquet', half],
  ] as const)('%s: the run fails, sends nothing and keeps what there is', async (_, ending, damage) => {
    await pipe.people.edit(dice(2), { changed: 0.3, removed: 0.3, added: 0.1 });
    const path = newest('ledgers', ending);
    const before = { ledger: await ledgerOf(house, pipe), requests: pipe.collection.book.length };
    cpSync(path, `${path}.kept`);
    damage(path);
    const run = await house.ended(await house.trigger(pipe.syncId));
    expect(run).toMatchObject({ status: 'failed', error: { code: 'ledger_missing' } });
    expect(pipe.collection.book.length).toBe(before.requests);
    expect(await ledgerOf(house, pipe)).toEqual(before.ledger);
    renameSync(`${path}.kept`, path);
    expect(await expectSettled(house, pipe)).toHaveLength(2);
  });

  test.each([
    ['gone', gone],
    ['cut', half],
  ] as const)(
    'the plan of an interrupted run is %s: the run fails with that reason, and nothing is lost',
    async (_, damage) => {
      await pipe.people.edit(dice(2), { changed: 0.3, removed: 0.3, added: 0.1 });
      const victim = await house.onlyWorker();
      let seen = 0;
      pipe.collection.decide(() => {
        if (++seen === 3) victim.signal('SIGKILL');
        return { applied: 'all' };
      });
      const runId = await house.trigger(pipe.syncId);
      await house.killedAt(runId, victim);
      damage(newest('plans', '.parquet'));
      // What had been sent is known to nobody now; and rows that the ledger knows leave the model.
      await pipe.people.run(`delete from ${pipe.people.table} where id % 4 = 0 and id <= 60`);
      await house.onlyWorker();
      expect(await house.ended(runId)).toMatchObject({ status: 'failed', error: { code: 'plan_missing' } });
      await expectSettled(house, pipe);
    },
  );
});

/** A small disk of its own, where the machine lets us have one; `null` elsewhere. */
function mountSmall(): string | null {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', directory], { stdio: 'ignore' });
    return directory;
  } catch {
    return null;
  }
}

/** Takes all the room there is. */
function fill(path: string): void {
  for (const size of [4_000_000, 400_000, 40_000, 4_000]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // No room for so much: try less.
    }
  }
}
