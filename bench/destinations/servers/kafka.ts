import { hash } from 'node:crypto';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { request } from 'undici';
import { startProgram } from '../../program.ts';
import { mapped, person } from '../load.ts';
import type { ServerLoad } from './server-load.ts';

const partitions = 3;

/** What `programs/broker.ts` says when it is ready. */
export interface Broker {
  readonly address: string;
  /** Where its topic can be looked at, and emptied (DELETE). */
  readonly look: string;
}

/** A broker that speaks Kafka's protocol and keeps what it gets, in a process of its own. */
export const kafka: ServerLoad = {
  slug: 'kafka',
  sync: {
    object: 'people',
    mode: 'mirror',
    matchKey: { from: 'id', to: 'key' },
    mappings: mapped(person(1)),
  },
  batchRows: 2_000,
  batches: 5,
  rows: 200_000,
  lanes: 4,
  record: (number) => ({ match: number, fields: person(number) }),
  async open() {
    const program = await startProgram('broker.ts', { topics: { people: partitions } });
    const { address, look } = JSON.parse(program.said) as Broker;
    const [host = '', port] = address.split(':');
    return {
      address: { configuration: { brokers: address, sslMode: 'disable' }, host, port: Number(port) },
      clear: async () => void (await request(look, { method: 'DELETE' })),
      holds: async () => (await request(look)).body.text(),
      close: async () => program.stop(),
    };
  },
  async byHand({ configuration }) {
    const client = new Kafka({
      brokers: [String(configuration.brokers)],
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    });
    const producer = client.producer({
      ...{ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, retry: { retries: 1 } },
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    const choose = Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
      ...{ partitionId, leader: 0, partitionErrorCode: 0, replicas: [], isr: [] },
    }));
    return async (batch) => {
      const groups = new Map<number, { key: string; value: string; headers: Record<string, string> }[]>();
      for (const { key, matchValue, fields, class: name } of batch) {
        const value = JSON.stringify(fields);
        // Readers tell repetitions by it; the same bytes have to be hashed.
        const parts = ['7', '1', name, key, JSON.stringify(matchValue), value, ''];
        const id = hash('sha256', parts.join('\0'), 'hex').slice(0, 32);
        const message = {
          ...{ key: String(matchValue), value },
          headers: { 'sluice-operation': name, 'sluice-message-id': id },
        };
        const partition = choose({ topic: 'people', partitionMetadata, message });
        const group = groups.get(partition);
        if (group) group.push(message);
        else groups.set(partition, [message]);
      }
      for (const [partition, messages] of groups) {
        await producer.send({
          ...{ topic: 'people', acks: -1 },
          messages: messages.map((message) => ({ ...message, partition })),
        });
      }
    };
  },
};
