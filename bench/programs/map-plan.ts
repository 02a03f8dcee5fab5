// Mapping and batching alone: a plan of ten columns, read from its file, mapped, cut into batches of 1,000.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SyncConfiguration } from '@sluice/domain/sync';
import { planBatches } from '@sluice/engine/deliver/plan-batches';
import { openDuck } from '@sluice/engine/duck';
import { openLedger } from '@sluice/engine/ledger/open-ledger';
import { compileMappings } from '@sluice/engine/map/mapping';
import { sentRanges } from '@sluice/engine/plan/open-plan';
import { planChanges } from '@sluice/engine/plan/plan-changes';
import { stageRows } from '@sluice/engine/plan/stage-rows';
import { columns } from '../people.ts';
import { measure, startWatch } from './measure.ts';

await measure(async ({ rows }: { rows: number }) => {
  const workDirectory = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const duck = await openDuck({ workDirectory, memoryLimitMb: 128, threads: 2 });
  try {
    const path = join(workDirectory, 'spool.csv');
    const lines: string[] = [];
    for (let id = 1; id <= rows; id += 1) {
      lines.push(
        `${id},person.${id}@example.com,First ${id},Last ${id},Company ${id % 5000} Ltd.,City ${id % 997},business,${id / 8},true,2026-01-01T00:00:00Z\n`,
      );
    }
    await writeFile(path, lines);
    const described = columns.map((name) => ({ name, type: typeOf(name), nativeType: 'text' }));
    const used = {
      key: { index: 0, column: { name: 'id', type: 'integer' as const, nativeType: 'bigint' } },
      values: described.slice(1).map((column, index) => ({ index: index + 1, column })),
    };
    const configuration = SyncConfiguration.parse({
      object: 'public.people',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'id' },
      mappings: columns.slice(1).map((name) => ({ type: 'column', from: name, to: name })),
    });
    const staged = await stageRows(duck, { columns: described, rows, bytes: 0, path }, used, workDirectory, {
      before: null,
      filter: null,
      matchColumn: 'id',
    });
    const ledger = await openLedger(duck, { read: () => Promise.reject(new Error('there is none')) }, null);
    const made = await planChanges(duck, {
      staged,
      used,
      ledger,
      configuration,
      resync: 'none',
      workDirectory,
    });
    const map = compileMappings(configuration, {
      'sync-id': 1,
      'sync-slug': 'people',
      'run-id': 1,
      'run-started-at': '2026-01-01T00:00:00Z',
      'model-id': 1,
      'model-name': 'People',
    });
    const watch = startWatch();
    const consignment = {
      plan: { duck, ...made },
      ranges: sentRanges(made.counts),
      settled: [],
      doubtful: [],
    };
    let mapped = 0;
    for await (const batch of planBatches(consignment, 1_000, () => null)) {
      if (!('changes' in batch)) continue;
      for (const change of batch.changes) if ('record' in map(change)) mapped += 1;
    }
    if (mapped !== rows) throw new Error(`${mapped} of ${rows} rows were mapped`);
    return watch();
  } finally {
    duck.close();
    await rm(workDirectory, { recursive: true, force: true });
  }
});
process.exit(0);

function typeOf(name: string): 'integer' | 'decimal' | 'boolean' | 'timestamp' | 'string' {
  if (name === 'id') return 'integer';
  if (name === 'amount') return 'decimal';
  if (name === 'active') return 'boolean';
  return name === 'updated_at' ? 'timestamp' : 'string';
}
