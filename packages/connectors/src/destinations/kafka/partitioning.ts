import { SluiceError } from '@sluice/domain/error';
import type { Message } from './message.ts';

export interface Partitioning {
  partitionOf(message: Pick<Message, 'key'>): number;
}

/**
 * Chooses partitions as Kafka's own clients do: by murmur2 of the key, so that programs that join topics by key find
 * together what belongs together. Messages without a key take turns.
 */
export async function createPartitioning(partitions: readonly number[]): Promise<Partitioning> {
  if (partitions.length === 0) throw new SluiceError('destination_object_missing', 'There is no such topic.');
  const { Partitioners } = await import('kafkajs');
  const choose = Partitioners.DefaultPartitioner();
  const partitionMetadata = partitions.map((partitionId) => ({
    ...{ partitionId, leader: 0, partitionErrorCode: 0, replicas: [], isr: [] },
  }));
  return {
    partitionOf: ({ key }) => choose({ topic: 'topic', partitionMetadata, message: { key, value: null } }),
  };
}
