import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurns, type LoneCase } from '../bench-case.ts';
import { runProgram, startProgram } from '../program.ts';
import { tables, type Warehouses } from '../sources/warehouse.ts';

const rows = 100_000;

/** A whole table into the planner's spool, against the driver's own stream that is only counted. */
const extractionFrom = (slug: string, table: string): LoneCase => ({
  name: `extraction-${slug}`,
  title: `out of ${slug}, twice`,
  ratioMax: 1.25,
  byProcessor: true,
  rows: 2 * rows,
  async measure({ repeat }) {
    const warehouses = await startProgram('warehouses.ts', { rows });
    const directory = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
    try {
      const configuration = (JSON.parse(warehouses.said) as Warehouses).configurations[slug];
      if (!configuration) throw new Error(`No ${slug} answers on this machine.`);
      const path = join(directory, 'spool.csv');
      const by = (who: 'driver' | 'product') => () =>
        runProgram('extract.ts', { slug, by: who, configuration, table, rows, path });
      return await inTurns(repeat, by('driver'), by('product'));
    } finally {
      warehouses.stop('SIGTERM');
      await warehouses.ended;
      await rm(directory, { recursive: true, force: true });
    }
  },
});

export const extraction: readonly LoneCase[] = Object.entries(tables).map(([slug, table]) =>
  extractionFrom(slug, table),
);
