import { createDestination } from '@sluice/services/destination/create-destination';
import { openTestWorld, type TestWorld } from '@sluice/services/testing/open-test-world';
import { fillPeople } from './people.ts';
import { startProgram } from './program.ts';

/** A customer's database with a table `people`, a receiver of requests, and Sluice, which has no worker of its own here. */
export interface Place {
  readonly rows: number;
  readonly world: TestWorld;
  /** The customer's database. */
  readonly databaseUrl: string;
  /** Answers every request at once. */
  readonly receiverUrl: string;
  readonly receiverPid: number;
  readonly receiverId: number;
  /** Model of the whole table. */
  readonly modelId: number;
  /** Environment of a worker. */
  readonly environment: Record<string, string>;
  close(): Promise<void>;
}

/** Starts everything and fills the table with this many rows. */
export async function openPlace(rows: number): Promise<Place> {
  const world = await openTestWorld({
    workers: 0,
    environment: { LOG_LEVEL: 'warn', LEASE_MS: '30000', REQUEST_TIMEOUT_MS: '60000', RETRY_BASE_MS: '500' },
  });
  const receiver = await startProgram('receiver.ts');
  await fillPeople(world.target, rows);
  const { configuration } = world.target;
  const modelId = await world.model({ sql: 'select * from public.people' });
  const destination = await createDestination(world.ctx, world.actor, {
    name: 'Receiver',
    type: 'http-request',
    configuration: { baseUrl: receiver.said, headers: [] },
  });
  const set = Object.entries(world.ctx.environment).filter(([, value]) => value !== undefined);
  const environment = Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
  return {
    rows,
    world,
    databaseUrl: `postgresql://${configuration.user}:${encodeURIComponent(String(configuration.password))}@127.0.0.1:${configuration.port}/postgres`,
    receiverUrl: receiver.said,
    receiverPid: receiver.pid,
    receiverId: destination.id,
    modelId,
    environment: {
      ...environment,
      EGRESS_ALLOW: `${world.target.hostPort},${new URL(receiver.said).host}`,
    },
    async close() {
      receiver.stop();
      await world.close();
    },
  };
}
