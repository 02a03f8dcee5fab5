// Sending batches to a server: by the destination, or in a bare loop over the same client.
import type { DestinationRecord } from '@sluice/connectors/kit/destination';
import type { Configuration } from '@sluice/connectors/kit/source';
import { destinationDefinitions } from '@sluice/connectors/registry';
import { batchOf, configurationOf, variables } from '../destinations/load.ts';
import type { ServerAddress, ServerLoad } from '../destinations/servers/server-load.ts';
import { serverLoads } from '../destinations/servers/server-loads.ts';
import { benchContext, deliverAll } from '../destinations/transcript.ts';
import { measure, startWatch } from './measure.ts';

interface Input {
  readonly load: string;
  readonly by: 'hand' | 'product';
  readonly address: ServerAddress;
  readonly lanes: number;
}

type Send = (batch: readonly DestinationRecord[]) => Promise<unknown>;

await measure(async ({ load: name, by, address, lanes }: Input) => {
  const load = serverLoads[name];
  if (!load) throw new Error(`There is no load ${name}.`);
  const batches = Array.from({ length: load.batches }, (_, place) => batchOf(load, place));
  const sends = await (by === 'hand'
    ? Promise.all(Array.from({ length: lanes }, () => load.byHand(address)))
    : byProduct(load, address.configuration, address, lanes));
  let next = 0;
  const lane = (until: number) => async (send: Send) => {
    while (next < until) {
      const batch = batches[next % batches.length] ?? [];
      next += 1;
      await send(batch);
    }
  };
  // Warm: a worker is.
  await Promise.all(sends.map(lane(2 * batches.length)));
  next = 0;
  const watch = startWatch();
  await Promise.all(sends.map(lane(Math.ceil(load.rows / load.batchRows))));
  return { ...watch(), rows: next * load.batchRows };
});
process.exit(0);

async function byProduct(
  load: ServerLoad,
  configuration: Configuration,
  { host, port }: ServerAddress,
  lanes: number,
): Promise<Send[]> {
  const { context } = benchContext(`${host}:${port}`);
  const connection = destinationDefinitions[load.slug]?.open(configuration, context);
  if (!connection) throw new Error(`There is no destination ${load.slug}.`);
  const writer = await connection.writer(configurationOf(load), variables);
  return Array.from({ length: lanes }, () => (batch) => deliverAll(writer, batch, 'bench'));
}
