import type { Cells } from '@sluice/engine/__tests__/world';
import { startKafkaServer } from '@sluice/testing/kafka/kafka-server';
import { kafkaError } from '@sluice/testing/kafka/topic-log';
import { nameOf, type Place } from './place.ts';

const faults = [
  ...(['cut_before', 'cut_after', 'cut_after', 'silent', 'silent_after'] as const),
  ...[kafkaError.timedOut, kafkaError.notLeader, kafkaError.notEnoughReplicas, kafkaError.outOfOrder],
];

/** A topic of three partitions, led by two brokers. */
export async function openKafkaPlace(): Promise<Place> {
  const cluster = await startKafkaServer({ topics: { people: 3 }, brokers: 2 });
  const read = () =>
    (cluster.topics.get('people') ?? []).map(({ messages }) =>
      messages.map(({ key, value }) => ({
        id: String(key),
        row: value === null ? null : (JSON.parse(String(value)) as Cells),
      })),
    );
  return {
    ports: cluster.ports,
    configuration: { brokers: cluster.url, sslMode: 'disable' },
    sync: {
      object: 'people',
      mode: 'mirror',
      matchKey: { from: 'id', to: 'key' },
      mappings: ['id', 'version', 'name'].map((name) => ({ type: 'column', from: name, to: name })),
    },
    misbehave: (chance) => cluster.misbehave(chance.pick(faults), chance.between(1, 9)),
    clear: () => cluster.behave(),
    cut: () => cluster.breakAll(),
    async held() {
      const held = new Map<string, Cells>();
      for (const { id, row } of read().flat()) {
        const before = held.get(id);
        if (row && Number(row.version) < Number(before?.version))
          throw new Error(`${id}: an older value came later`);
        if (row) held.set(id, row);
        else held.delete(id);
      }
      return held;
    },
    async taken() {
      const taken = new Map<string, number>();
      for (const { id, row } of read().flat()) {
        const name = nameOf(id, row?.version);
        taken.set(name, (taken.get(name) ?? 0) + 1);
      }
      return taken;
    },
    close: () => cluster.close(),
  };
}
