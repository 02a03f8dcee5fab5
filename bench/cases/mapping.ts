import type { BenchCase } from '../bench-case.ts';
import { runProgram } from '../program.ts';

/** Rows of a plan as mapped batches, without sending them. */
const rowsPerSecond = 150_000;

export const mapping: BenchCase = {
  name: 'mapping',
  title: 'mapping and batching (limit: 150,000 rows/s)',
  ratioMax: 1,
  async measure({ rows }) {
    const limit = { ms: (rows / rowsPerSecond) * 1000, cpuMs: 0, peakMb: 0 };
    return [{ limit, product: await runProgram('map-plan.ts', { rows }) }];
  },
};
