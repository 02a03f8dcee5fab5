import { type BenchCase, inTurns, type Measured } from '../bench-case.ts';
import { httpSync, runSync } from '../product.ts';
import { runProgram } from '../program.ts';
import { directoryOf } from './unchanged.ts';

/** All rows for the first time, in batches of 1,000, 8 requests at once. */
export const firstRunHttp: BenchCase = {
  name: 'first-run-http',
  title: 'first run, PostgreSQL to HTTP',
  ratioMax: 1.4,
  async measure(place, { repeat }) {
    const { databaseUrl, rows, receiverUrl: url } = place;
    const limit = async (): Promise<Measured> => {
      const diff = await runProgram('spool-diff.ts', { databaseUrl, directory: directoryOf(place) });
      const send = await runProgram('send.ts', { url, rows, batch: 1_000, concurrency: 8 });
      return {
        ms: diff.ms + send.ms,
        cpuMs: diff.cpuMs + send.cpuMs,
        peakMb: Math.max(diff.peakMb, send.peakMb),
      };
    };
    return [await inTurns(repeat, limit, async () => runSync(place, await httpSync(place)))];
  },
};
