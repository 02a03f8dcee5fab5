import type { ChangeClass } from '@sluice/domain/change';
import type { Row, Value } from '@sluice/domain/column';
import { SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import type { Operation } from '@sluice/domain/sync-mode';
import type { ConnectContext } from '../../kit/context.ts';
import type { BatchResult, Delivery, DestinationRecord, DestinationWriter } from '../../kit/destination.ts';
import { createEgress } from '../../kit/egress.ts';

export interface TestContext extends ConnectContext {
  close(): Promise<void>;
}

/** A context whose guard lets exactly these loopback ports through. */
export function createTestContext(
  ports: readonly number[],
  overrides: Partial<ConnectContext> = {},
): TestContext {
  const egress = createEgress({ allow: ports.map((port) => `127.0.0.1:${port}`), deny: [] });
  return {
    signal: new AbortController().signal,
    egress,
    label: 'sluice test',
    timeouts: { connectMs: 2000, requestMs: 5000 },
    sampleDirectory: '/nonexistent',
    ...overrides,
    close: () => egress.close(),
  };
}

export const configurationOf = (input: SyncConfigurationInput): SyncConfiguration =>
  SyncConfiguration.parse(input);

const classes = {
  create: 'added',
  upsert: 'added',
  update: 'changed',
  delete: 'removed',
  clear: 'removed',
  archive: 'removed',
  add: 'added',
  remove: 'removed',
  event: 'added',
} as const satisfies Record<Operation, ChangeClass>;

/** Records as the engine makes them, numbered from 1. */
export function recordsOf(
  operation: Operation,
  rows: readonly { match?: Value; fields?: Row; row?: Row; key?: string }[],
): DestinationRecord[] {
  return rows.map(({ match = null, fields = {}, row = {}, key }, index) => ({
    seq: index + 1,
    key: key ?? String(match ?? index + 1),
    class: classes[operation],
    operation,
    matchValue: match,
    fields,
    row,
  }));
}

/** How a batch is delivered where nothing holds it back. */
export const freely: Delivery = {
  signal: new AbortController().signal,
  idempotencyKey: 'test-key',
  admit: async () => undefined,
};

/** Delivers one batch; the statuses with their codes come first, for short assertions. */
export async function deliverOnce(
  writer: DestinationWriter,
  records: readonly DestinationRecord[],
  delivery: Partial<Delivery> = {},
): Promise<BatchResult & { outcomes: string[] }> {
  const result = await writer.deliver(records, { ...freely, ...delivery });
  const outcomes = result.results.map((one) =>
    one.status === 'delivered' ? 'delivered' : `${one.status}:${one.code}`,
  );
  return { ...result, outcomes };
}
