import type { Exchange, RequestView } from '@sluice/domain/sync';
import type { Message } from './message.ts';
import type { Sent } from './produce.ts';

/** Messages that are shown of a batch, and characters of each. */
const messagesMax = 100;
const lengthMax = 2_000;

/** Messages as people read them: headers, key and value in a line each. */
export function messagesView(topic: string, messages: readonly Message[]): RequestView {
  const count = messages.length;
  const lines = messages
    .slice(0, messagesMax)
    .map(({ key, value, headers }) =>
      `${headers['sluice-operation']} ${key ?? '(no key)'}: ${value ?? '(tombstone)'}`.slice(0, lengthMax),
    );
  const more = count - lines.length;
  return {
    summary: `Produce ${count} ${count === 1 ? 'message' : 'messages'} to ${topic}`,
    headers: {},
    body: [...lines, ...(more > 0 ? [`# ${more} more messages`] : [])].join('\n'),
  };
}

export function partitionExchange(
  { topic, partition }: { readonly topic: string; readonly partition: number },
  messages: readonly Message[],
  sent: readonly Sent[],
  startedAt: Date,
): Exchange {
  const failed = sent.flatMap(({ result }, index) =>
    result.status === 'delivered' ? [] : [`${index + 1}: ${result.code} ${result.message}`],
  );
  const written = sent.length - failed.length;
  return {
    request: messagesView(`${topic}, partition ${partition}`, messages),
    response: {
      summary: `${written} of ${sent.length} written`,
      headers: {},
      body:
        failed.length === 0
          ? null
          : failed
              .slice(0, messagesMax)
              .join('\n')
              .slice(0, lengthMax * 5),
    },
    error: null,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
  };
}
