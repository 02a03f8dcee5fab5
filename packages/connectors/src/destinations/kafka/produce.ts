import type { Producer } from 'kafkajs';
import { untilAborted } from '../../kit/aborted.ts';
import { type Delivery, NotAdmitted, type RecordResult } from '../../kit/destination.ts';
import { pause } from '../../kit/pause.ts';
import type { Cluster } from './connect.ts';
import type { Sender } from './create-writer.ts';
import type { Message } from './message.ts';

/** What became of a message. */
export interface Sent {
  readonly result: RecordResult;
  /** The broker is in trouble: nothing more is sent with this call. */
  readonly stop: boolean;
}

/** Tries of one batch, with the same numbers, so that the broker knows it again; the client makes two of each. */
const triesMax = 2;
const pauseMs = 100;

/**
 * Sends batches to partitions of one topic. A batch whose answer was lost is sent again under the same numbers, and the broker
 * writes it once; if its fate stays open, the producer is given up, because the next batch would take its numbers and be
 * taken for it. A batch that is refused for one of its messages is halved until that one is alone.
 */
export function createSender(
  cluster: Cluster,
  options: { readonly topic: string; readonly compression: number },
): Sender {
  let producer: Producer | null = null;
  const giveUp = async (): Promise<void> => {
    const old = producer;
    producer = null;
    await old?.disconnect().catch(() => undefined);
  };

  const once = async (
    partition: number,
    messages: readonly Message[],
    { signal, confirm }: Delivery,
    leaves: () => void,
  ): Promise<void> => {
    producer ??= await cluster.openProducer();
    confirm?.();
    leaves();
    const sending = producer.send({
      ...{ ...options, acks: -1 },
      messages: messages.map(({ key, value, headers }) => ({ key, value, headers, partition })),
    });
    sending.catch(() => undefined);
    await untilAborted(sending, signal);
  };

  const send = async (
    partition: number,
    messages: readonly Message[],
    delivery: Delivery,
  ): Promise<Sent[]> => {
    const all = (result: RecordResult, stop = false): Sent[] => messages.map(() => ({ result, stop }));
    let inDoubt = false;
    for (let attempt = 1; ; attempt += 1) {
      let left = false;
      try {
        await delivery.admit();
        await once(partition, messages, delivery, () => {
          left = true;
        });
        return all({ status: 'delivered' });
      } catch (thrown) {
        if (thrown instanceof NotAdmitted || delivery.signal.aborted) {
          const lost = inDoubt || !(thrown instanceof NotAdmitted);
          if (lost) await giveUp();
          return all(lost ? cut : stopped, true);
        }
        const refusal = cluster.refusalOf(thrown);
        if (refusal.kind === 'repeated') return all({ status: 'delivered' });
        if (refusal.kind === 'fatal') {
          await giveUp();
          // What may have been written before is told first; the next call fails with the same.
          if (!inDoubt) throw refusal.error;
          const { code, message } = refusal.error;
          return all({ status: 'retry', code, message, inDoubt }, true);
        }
        if (refusal.kind === 'poison') {
          if (messages.length > 1) return halve(partition, messages, delivery);
          return all({ status: 'rejected', code: refusal.code, message: refusal.message });
        }
        // The client makes two tries and tells of the second alone: the broker may have written the first one.
        inDoubt ||= left;
        if (attempt < triesMax) {
          await pause(Math.random() * pauseMs * 2 ** attempt, delivery.signal);
          continue;
        }
        await giveUp();
        const { code, message } = refusal;
        return all({ status: 'retry', code, message, inDoubt }, true);
      }
    }
  };

  const halve = async (
    partition: number,
    messages: readonly Message[],
    delivery: Delivery,
  ): Promise<Sent[]> => {
    const middle = Math.ceil(messages.length / 2);
    const first = await send(partition, messages.slice(0, middle), delivery);
    const rest = messages.slice(middle);
    if (first.some(({ stop }) => stop))
      return [...first, ...rest.map(() => ({ result: stopped, stop: true }))];
    return [...first, ...(await send(partition, rest, delivery))];
  };

  return { send, close: giveUp };
}

/** Of a run that stops before a message was sent. */
const stopped: RecordResult = { status: 'retry', code: 'not_sent', message: 'The run was stopped.' };
const cut: RecordResult = {
  status: 'uncertain',
  code: 'request_cut',
  message: 'The request was on its way when the run was stopped.',
};
