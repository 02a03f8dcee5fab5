import { SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import { createSync } from '@sluice/services/sync/create-sync';
import type { Measured } from './bench-case.ts';
import { columns } from './people.ts';
import type { Place } from './place.ts';
import { runProgram } from './program.ts';

/** A new sync of the table to the receiver: batches of 1,000 rows, 8 at once, unless said otherwise. */
export const httpSync = (place: Place, options: { batchSize?: number; concurrency?: number } = {}) => {
  const request = { method: 'POST', url: '/people' };
  return newSync(place, place.receiverId, {
    object: 'request',
    mode: 'trigger',
    triggers: ['added', 'changed'],
    guards: { removedShareMax: null, changedRowsMax: null },
    options: { added: request, changed: request, batchSize: 1_000, concurrency: 8, ...options },
  });
};

/** A new sync of the table to another table: an upsert of all columns. */
export const tableSync = (place: Place, table: string) =>
  newSync(place, place.world.destinations.postgresql, {
    object: `public.${table}`,
    mode: 'upsert',
    matchKey: { from: 'id', to: 'id' },
    mappings: columns
      .filter((name) => name !== 'id')
      .map((name) => ({ type: 'column', from: name, to: name })),
    guards: { removedShareMax: null, changedRowsMax: null },
  });

async function newSync(
  place: Place,
  destinationId: number,
  configuration: SyncConfigurationInput,
): Promise<number> {
  const input = { modelId: place.modelId, destinationId, schedule: null, disabled: false, tags: {} };
  const parsed = SyncConfiguration.parse(configuration);
  const signal = { signal: AbortSignal.timeout(60_000) };
  const sync = await createSync(
    place.world.ctx,
    place.world.actor,
    { ...input, configuration: parsed },
    signal,
  );
  return sync.id;
}

/** One run of a sync in a worker process of its own. */
export async function runSync(place: Place, syncId: number, resync?: 'reset'): Promise<Measured> {
  const run = await place.world.trigger(syncId, resync ? { resync } : {});
  return runProgram('run-sync.ts', { runId: run.id }, place.environment);
}
