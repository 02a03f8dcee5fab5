import type { SyncConfigurationInput } from '@sluice/domain/sync';
import type { VendorServer } from '@sluice/testing/vendors/vendor-server';
import { afterEach, beforeEach, expect } from 'vitest';
import type {
  DestinationConnection,
  DestinationDefinition,
  DestinationWriter,
} from '../../kit/destination.ts';
import type { Configuration } from '../../kit/source.ts';
import { configurationOf, createTestContext, type TestContext } from './destination-context.ts';

/** A vendor's fake for each test, and connections to it. Afterwards every request must have been one that the vendor describes. */
export function useVendor<State>(
  definition: DestinationDefinition,
  start: () => Promise<VendorServer<State>>,
  working: (url: string) => Configuration,
) {
  const world = {} as { vendor: VendorServer<State>; context: TestContext };
  beforeEach(async () => {
    world.vendor = await start();
    world.context = createTestContext([world.vendor.port], {
      timeouts: { connectMs: 1_000, requestMs: 1_000 },
    });
  });
  afterEach(async () => {
    await world.context.close();
    await world.vendor.close();
    expect(world.vendor.violations).toEqual([]);
  });
  const connect = (): DestinationConnection => definition.open(working(world.vendor.url), world.context);
  return Object.assign(world, {
    connect,
    /** A writer of the sync 7 in the run `runId`. */
    writerOf: (sync: SyncConfigurationInput, runId = 1): Promise<DestinationWriter> =>
      connect().writer(configurationOf(sync), { 'sync-id': 7, 'run-id': runId }),
    /** What validation says about a sync to a model with these columns. */
    problemsOf: (sync: SyncConfigurationInput, columns: readonly string[] = []) =>
      connect().validate(configurationOf(sync), columns),
  });
}
