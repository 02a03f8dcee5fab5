import type { FieldPacket, Query } from 'mysql2';

export interface ByteHandlers {
  fields(fields: FieldPacket[]): void;
  /**
   * A row of the text protocol: each cell between the two places has its length before it. The bytes are the
   * driver's; they are there for as long as the call lasts.
   */
  row(source: Buffer, from: number, to: number): void;
}

/** What a query of the driver does with a packet that comes after the columns; answers what is to be done with the next one. */
type Step = (this: unknown, packet: RowPacket, connection: unknown) => unknown;

interface RowPacket {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly end: number;
  isEOF(): boolean;
}

/**
 * Hands over the rows of a query before the driver makes an array and ten buffers of each. All else is the driver's: signing in,
 * encryption, packets, columns, the end of the result and errors. Resolves when the server said that there are no more rows;
 * rejects with the driver's errors, and with what a handler threw.
 */
export function takeBytes(query: Query, on: ByteHandlers): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const steps = query as unknown as { row: Step };
  const last = steps.row;
  let failed = false;
  // The driver must not hear of what a handler throws: it would be an error of nobody's.
  const fail = (thrown: unknown): void => {
    failed = true;
    reject(thrown);
  };
  steps.row = function takeRow(packet, connection) {
    if (packet.isEOF()) return last.call(this, packet, connection);
    if (failed) return takeRow;
    try {
      on.row(packet.buffer, packet.offset, packet.end);
    } catch (thrown) {
      fail(thrown);
    }
    return takeRow;
  };
  query.on('error', reject);
  query.on('fields', (fields: FieldPacket[] | undefined) => {
    try {
      if (fields) on.fields(fields);
    } catch (thrown) {
      fail(thrown);
    }
  });
  query.on('end', () => resolve());
  return promise;
}

/** Length of a cell whose first byte tells that more bytes hold it. */
export function longLength(source: Buffer, at: number): { readonly length: number; readonly from: number } {
  const first = source[at];
  if (first === 0xfc) return { length: source.readUInt16LE(at + 1), from: at + 3 };
  if (first === 0xfd) return { length: source.readUIntLE(at + 1, 3), from: at + 4 };
  return { length: source.readUIntLE(at + 1, 6), from: at + 9 };
}

/** First byte of a cell that is NULL, and the first that is no length by itself. */
export const nullCell = 0xfb;
