import { join } from 'node:path';
import { type BenchCase, inTurns } from '../bench-case.ts';
import type { Place } from '../place.ts';
import { httpSync, runSync } from '../product.ts';
import { runProgram } from '../program.ts';

/** A run in which no row has changed since the one before. */
export const unchanged: BenchCase = {
  name: 'unchanged',
  title: 'run with nothing changed',
  ratioMax: 1.3,
  async measure(place, { repeat }) {
    const ledger = await limitLedger(place);
    const syncId = await httpSync(place);
    await runSync(place, syncId, 'reset');
    const limit = () =>
      runProgram('spool-diff.ts', { databaseUrl: place.databaseUrl, directory: directoryOf(place), ledger });
    return [await inTurns(repeat, limit, () => runSync(place, syncId))];
  },
};

export const directoryOf = (place: Place): string => place.world.ctx.settings.dataDirectory;

/** A ledger made by hand, for the limit to compare with. */
export async function limitLedger(place: Place): Promise<string> {
  const directory = directoryOf(place);
  const makes = join(directory, 'limit-ledger.parquet');
  await runProgram('spool-diff.ts', { databaseUrl: place.databaseUrl, directory, makes });
  return makes;
}
