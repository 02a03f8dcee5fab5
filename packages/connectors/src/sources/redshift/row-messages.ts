import type { Connection } from 'pg';

/** Takes what is in the message of a row: bytes between two places, there for as long as the call lasts. */
export type TakeRow = (source: Buffer, from: number, to: number) => void;

const dataRow = 68;
/** A byte that tells what a message is, and its length, which counts itself. */
const headerBytes = 5;

/**
 * Stands between a session's socket and the driver, which makes a string of every cell: messages of rows go to `take`, all others
 * to the driver as they are. To begin between two statements, when no message is half there. Answers how to leave; what comes
 * after that is the driver's again.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html (read 2026-11-22)
 */
export function takeRowMessages(connection: Connection, take: TakeRow): () => void {
  const { stream } = connection;
  const drivers = stream.listeners('data') as ((bytes: Buffer) => void)[];
  /** The beginning of a message that is not whole yet. */
  let pieces: Buffer[] = [];
  let have = 0;
  let need = headerBytes;
  let isOver = false;
  const forward = (bytes: Buffer): void => {
    if (bytes.length > 0) for (const driver of drivers) driver.call(stream, bytes);
  };
  /** Hands over all whole messages; answers how many bytes they had. */
  const handOver = (bytes: Buffer): number => {
    let at = 0;
    // Messages for the driver that follow each other go to it together.
    let kept = 0;
    need = headerBytes;
    while (at + headerBytes <= bytes.length) {
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) {
        need = end - at;
        break;
      }
      if (bytes[at] === dataRow) {
        if (kept < at) forward(bytes.subarray(kept, at));
        take(bytes, at + headerBytes, end);
        kept = end;
      }
      at = end;
    }
    forward(bytes.subarray(kept, at));
    return at;
  };
  const onData = (chunk: Buffer): void => {
    let rest = chunk;
    // Only a message that two chunks share is put together; the others stay where they are.
    while (have > 0 && rest.length > 0) {
      const missing = rest.subarray(0, need - have);
      rest = rest.subarray(missing.length);
      pieces.push(missing);
      have += missing.length;
      if (have < need) return;
      const bytes = Buffer.concat(pieces);
      pieces = [];
      have = 0;
      // Now its length is known, or it is whole.
      if (handOver(bytes) === 0) {
        pieces.push(bytes);
        have = bytes.length;
      }
    }
    const behind = rest.subarray(rest.length > 0 ? handOver(rest) : 0);
    if (behind.length === 0) return;
    if (isOver) forward(behind);
    else {
      pieces.push(behind);
      have = behind.length;
    }
  };
  for (const driver of drivers) stream.off('data', driver);
  stream.on('data', onData);
  return () => {
    if (isOver) return;
    isOver = true;
    stream.off('data', onData);
    for (const driver of drivers) stream.on('data', driver);
    if (have > 0) forward(Buffer.concat(pieces));
  };
}
