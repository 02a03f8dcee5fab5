import type { LoneCase } from '../bench-case.ts';
import { runProgram } from '../program.ts';

const tables = 10_000;
/** What somebody waits for without wondering. */
const limit = { ms: 2_000, cpuMs: 0, peakMb: 0 };

const introspectionOf = (slug: 'postgresql' | 'mysql', title: string): LoneCase => ({
  name: `introspection-${slug}`,
  title: `${title}, tables of 10 columns (limit: 2 s)`,
  ratioMax: 1,
  rows: tables,
  async measure() {
    return { limit, product: await runProgram('introspect.ts', { slug, tables }) };
  },
});

export const introspection: readonly LoneCase[] = [
  introspectionOf('postgresql', 'PostgreSQL'),
  introspectionOf('mysql', 'MariaDB'),
];
