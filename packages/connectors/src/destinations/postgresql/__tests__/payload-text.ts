import type { Exchange } from '@sluice/domain/sync';
import type {
  Delivery,
  DestinationRecord,
  DestinationWriter,
  RecordResult,
} from '../../../kit/destination.ts';
import type { Payload, PayloadOutcome } from '../../../kit/payload.ts';
import { freely } from '../../__tests__/destination-context.ts';

/** Records as the text that the engine makes of them, after the order that the writer gives. */
export function payloadOf(writer: DestinationWriter, records: readonly DestinationRecord[]): Payload {
  const [first] = records;
  const format = first && writer.payloads?.format(first.class);
  if (!first || format?.rows.kind !== 'lines') throw new Error('these rows are written as records');
  const { delimiter, nullText, fields } = format.rows;
  const lines = records.map((record) =>
    fields
      .map(({ from }) => {
        const value = from === 'match' ? record.matchValue : record.fields[from.field];
        if (value === null || value === undefined) return nullText;
        const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
        return text
          .replaceAll('\\', '\\\\')
          .replaceAll('\n', '\\n')
          .replaceAll('\r', '\\r')
          .replaceAll(delimiter, `\\${delimiter}`);
      })
      .join(delimiter),
  );
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return { class: first.class, operation: first.operation, rows: records.length, bytes };
}

export interface SentPayload {
  /** Whether the text alone said what became of all rows. */
  readonly kind: PayloadOutcome['kind'];
  readonly results: readonly RecordResult[];
  /** `delivered`, or the status with its code. */
  readonly outcomes: string[];
  readonly exchanges: readonly Exchange[];
}

/** Delivers records as text, and as records where the writer asks for them: what the engine does with a batch. */
export async function deliverText(
  writer: DestinationWriter,
  records: readonly DestinationRecord[],
  delivery: Partial<Delivery> = {},
): Promise<SentPayload> {
  const { payloads } = writer;
  if (!payloads) throw new Error('the writer takes no text');
  const outcome = await payloads.deliver(payloadOf(writer, records), { ...freely, ...delivery });
  const { results, exchanges } =
    outcome.kind === 'apart'
      ? await outcome.judge(records)
      : { results: records.map(() => outcome.result), exchanges: outcome.exchanges };
  const outcomes = results.map((one) =>
    one.status === 'delivered' ? 'delivered' : `${one.status}:${one.code}`,
  );
  return { kind: outcome.kind, results, outcomes, exchanges };
}

/** How often each outcome is there. */
export function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
