import type { Value } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { RequestView, SyncConfiguration } from '@sluice/domain/sync';
import type {
  BatchResult,
  Delivery,
  DestinationRecord,
  DestinationWriter,
  RecordResult,
} from '../../kit/destination.ts';
import { compileMessage, type Message } from './message.ts';
import { messagesView, partitionExchange } from './message-view.ts';
import { createPartitioning, type Partitioning } from './partitioning.ts';
import type { Sent } from './produce.ts';

/** One record with its message. */
export interface Parcel {
  readonly index: number;
  readonly message: Message;
}

/** Sends messages of one partition; at most one call at a time. */
export interface Sender {
  /** What became of each, in their order. Throws a SluiceError when nothing was written and going on is useless. */
  send(partition: number, messages: readonly Message[], delivery: Delivery): Promise<Sent[]>;
  close(): Promise<void>;
}

/** Messages in one call of `deliver`. */
const rowsMax = 2_000;

/**
 * Writes records as messages. A batch is divided by partition, so that each answer of a broker is about messages that are
 * known; each call has a sender of its own.
 */
export function createWriter(
  sync: SyncConfiguration,
  ports: {
    readonly variables: Readonly<Record<string, Value>>;
    readonly openSender: () => Sender;
    readonly partitions: () => Promise<readonly number[]>;
  },
): DestinationWriter {
  const messageOf = compileMessage(sync, ports.variables);
  const idle: Sender[] = [];
  let partitioning: Promise<Partitioning> | null = null;
  const topic = sync.object;

  const divide = async (parcels: readonly Parcel[]): Promise<Map<number, Parcel[]>> => {
    partitioning ??= ports.partitions().then(createPartitioning);
    const { partitionOf } = await partitioning.catch((thrown: unknown) => {
      partitioning = null;
      throw thrown;
    });
    const groups = new Map<number, Parcel[]>();
    for (const parcel of parcels) {
      const partition = partitionOf(parcel.message);
      const group = groups.get(partition);
      if (group) group.push(parcel);
      else groups.set(partition, [parcel]);
    }
    return groups;
  };

  const deliver = async (batch: readonly DestinationRecord[], delivery: Delivery): Promise<BatchResult> => {
    if (batch.length === 0) return { results: [], exchanges: [] };
    const results: RecordResult[] = batch.map(() => notSent);
    const parcels: Parcel[] = [];
    for (const [index, record] of batch.entries()) {
      try {
        parcels.push({ index, message: messageOf(record) });
      } catch (thrown) {
        if (!(thrown instanceof SluiceError)) throw thrown;
        results[index] = { status: 'rejected', code: thrown.code, message: thrown.message };
      }
    }
    await delivery.admit();
    const groups = await divide(parcels);
    const sender = idle.pop() ?? ports.openSender();
    const exchanges = [];
    let begun = false;
    try {
      for (const [partition, group] of groups) {
        const startedAt = new Date();
        const messages = group.map(({ message }) => message);
        const sent = await sender.send(partition, messages, delivery);
        begun ||= sent.some(({ result }) => result.status === 'delivered' || 'inDoubt' in result);
        for (const [position, { index }] of group.entries())
          results[index] = sent[position]?.result ?? notSent;
        exchanges.push(partitionExchange({ topic, partition }, messages, sent, startedAt));
        if (sent.some(({ stop }) => stop)) break;
      }
    } catch (thrown) {
      // What was written before is told first; the next call fails with the same.
      if (!(thrown instanceof SluiceError) || !begun) throw thrown;
      const stopped: RecordResult = { status: 'retry', code: thrown.code, message: thrown.message };
      for (const [index, result] of results.entries()) if (result === notSent) results[index] = stopped;
    } finally {
      idle.push(sender);
    }
    return { results, exchanges };
  };

  return {
    limits: { batchRowsMax: rowsMax, concurrency: 4, requests: [] },
    mixedBatches: true,
    deliver,
    preview: async (batch): Promise<RequestView[]> => [messagesView(topic, batch.map(messageOf))],
    async close() {
      await Promise.all(idle.splice(0).map((sender) => sender.close()));
    },
  };
}

/** Nothing was tried. */
const notSent: RecordResult = {
  status: 'retry',
  code: 'not_sent',
  message: 'A message before it could not be sent.',
};
