import { type BenchCase, inTurns } from '../bench-case.ts';
import { httpSync, runSync } from '../product.ts';
import { runProgram } from '../program.ts';
import { directoryOf, limitLedger } from './unchanged.ts';

/** A run in which one row in a hundred has changed. */
export const changed: BenchCase = {
  name: 'changed',
  title: 'run with 1 % changed',
  ratioMax: 1.4,
  async measure(place, { repeat }) {
    const ledger = await limitLedger(place);
    const syncId = await httpSync(place);
    await runSync(place, syncId, 'reset');
    let times = 0;
    const limit = async () => {
      times += 1;
      await place.world.target.run(
        `update public.people set amount = amount + 1 where id % 100 = ${times}`,
        'vacuum public.people',
      );
      return runProgram('spool-diff.ts', {
        databaseUrl: place.databaseUrl,
        directory: directoryOf(place),
        ledger,
      });
    };
    return [await inTurns(repeat, limit, () => runSync(place, syncId))];
  },
};
