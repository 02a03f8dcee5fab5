import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dryRun } from '../look/dry-run.ts';
import { previewRows } from '../look/preview-rows.ts';
import { testRow } from '../look/test-row.ts';
import type { EnginePorts } from '../run.ts';
import { unlimited, type Verdict, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open(['id', 'name']);
  world.rows = [{ id: '1', name: 'one' }];
});
afterEach(() => world.close());

/** What each attempt for the row comes to. */
const attempts = (...verdicts: Verdict[]) => {
  world.decide = (_record, attempt) => verdicts[attempt - 1] ?? 'delivered';
};

describe('a server error that may have come after the work was done', () => {
  it.each<[string, Verdict[], string]>([
    ['at the last attempt', ['retry', 'retry', 'in_doubt'], 'uncertain'],
    ['before a certain failure', ['in_doubt', 'retry', 'retry'], 'uncertain'],
    ['before a refusal', ['in_doubt', 'rejected'], 'uncertain'],
    ['before success', ['in_doubt', 'delivered'], 'delivered'],
    ['never', ['retry', 'retry', 'retry'], 'rejected'],
  ])('%s', async (_when, verdicts, outcome) => {
    attempts(...verdicts);
    const { counts } = await world.run();
    const { delivered, rejected, uncertain } = counts;
    expect({ delivered: delivered.added, rejected: rejected.added, uncertain: uncertain.added }).toEqual({
      delivered: 0,
      rejected: 0,
      uncertain: 0,
      [outcome]: 1,
    });
  });

  it('keeps the row at the destination until it is really gone', async () => {
    attempts('in_doubt', 'in_doubt', 'in_doubt');
    await world.run();
    world.rows = [];
    world.decide = () => 'delivered';
    expect((await world.run()).counts.delivered.removed).toBe(1);
  });
});

describe('facts about the run', () => {
  async function ports(): Promise<EnginePorts> {
    const workDirectory = join(world.directory, 'look');
    await mkdir(workDirectory, { recursive: true });
    return {
      source: world.source(),
      destination: world.destination(),
      blobs: world.blobs(),
      limiter: unlimited,
      workDirectory,
      duckdb: { memoryLimitMb: 128, threads: 1 },
      retry: { attemptsMax: 1, baseMs: 1 },
      signal: new AbortController().signal,
    };
  }

  it('reach the destination in runs, dry runs, tests and previews', async () => {
    const { spec } = world.begin();
    await dryRun(spec, await ports());
    await testRow(spec, await ports(), { class: 'added' });
    await previewRows(spec, await ports());
    await world.run();
    const known = { 'sync-slug': 'things', 'model-name': 'Things' };
    expect(world.facts).toMatchObject([known, known, known, { ...known, 'run-id': 2 }]);
  });
});
