import { readRecordBatch, type StoredMessage } from './record-batch.ts';

/** Codes of https://kafka.apache.org/protocol#protocol_error_codes (2026-11) */
export const kafkaError = {
  none: 0,
  corrupt: 2,
  unknownTopic: 3,
  notLeader: 6,
  timedOut: 7,
  messageTooLarge: 10,
  notEnoughReplicas: 19,
  topicDenied: 29,
  saslFailed: 58,
  unsupportedMechanism: 33,
  outOfOrder: 45,
} as const;

/** One partition: its messages, and what each producer sent last, by which repetitions are known. */
export class TopicLog {
  readonly messages: StoredMessage[] = [];
  readonly compressions = new Set<number>();
  leader = 0;
  private readonly producers = new Map<string, { base: number; next: number }>();

  /** Appends a batch; one that came before is not appended again. Answers a code of Kafka. */
  append(bytes: Buffer, bytesMax: number): number {
    let batch: ReturnType<typeof readRecordBatch>;
    try {
      batch = readRecordBatch(bytes);
    } catch {
      return kafkaError.corrupt;
    }
    if (bytes.length > bytesMax) return kafkaError.messageTooLarge;
    const producer = `${batch.producerId}/${batch.epoch}`;
    const known = this.producers.get(producer) ?? { base: -1, next: 0 };
    const next = batch.baseSequence + batch.messages.length;
    if (batch.baseSequence === known.base && next === known.next) return kafkaError.none;
    if (batch.baseSequence !== known.next) return kafkaError.outOfOrder;
    this.producers.set(producer, { base: batch.baseSequence, next });
    this.messages.push(...batch.messages);
    this.compressions.add(batch.compression);
    return kafkaError.none;
  }
}
