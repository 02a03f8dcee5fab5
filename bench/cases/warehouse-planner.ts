import { getSource } from '@sluice/services/source/get-source';
import { updateSource } from '@sluice/services/source/update-source';
import { type BenchCase, inTurns } from '../bench-case.ts';
import type { Place } from '../place.ts';
import { httpSync, runSync } from '../product.ts';
import { runProgram } from '../program.ts';

/** A run in which no row has changed, compared in the source. */
export const warehousePlanner: BenchCase = {
  name: 'warehouse-planner',
  title: 'planner in PostgreSQL, nothing changed',
  ratioMax: 1.2,
  async measure(place, { repeat }) {
    await runProgram('diff-sql.ts', { databaseUrl: place.databaseUrl, makes: true });
    const syncId = await httpSync(place);
    await runSync(place, syncId, 'reset');
    await usePlanner(place, 'warehouse');
    try {
      // Writes the mirror.
      await runSync(place, syncId);
      const limit = () => runProgram('diff-sql.ts', { databaseUrl: place.databaseUrl });
      return [await inTurns(repeat, limit, () => runSync(place, syncId))];
    } finally {
      await usePlanner(place, 'local');
    }
  },
};

async function usePlanner(place: Place, planner: 'local' | 'warehouse'): Promise<void> {
  const { ctx, actor, sourceId, target } = place.world;
  await target.run('create schema if not exists sluice_planner');
  const { configuration } = await getSource(ctx, actor, { id: sourceId });
  await updateSource(ctx, actor, { id: sourceId, configuration: { ...configuration, planner } });
}
