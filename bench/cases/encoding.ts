import { type BenchCase, inTurns } from '../bench-case.ts';
import { runProgram } from '../program.ts';

/** What a writer does beside the network, against a bare loop that makes the same bytes. */
const encoding = (destination: 'http-request' | 'postgresql', title: string): BenchCase => ({
  name: `encoding-${destination}`,
  title: `encoding alone: ${title}`,
  ratioMax: 1 / 0.9,
  async measure({ rows }, { repeat }) {
    const by = (who: 'hand' | 'writer') => () =>
      runProgram('encode.ts', { destination, by: who, rows: Math.min(rows, 1_000_000) });
    return [await inTurns(repeat, by('hand'), by('writer'))];
  },
  rowsMax: 1_000_000,
});

export const encodingHttp = encoding('http-request', 'HTTP, 1,000 rows a request');
export const encodingPostgresql = encoding('postgresql', 'PostgreSQL, lines for COPY');
