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
  let pieces: Buffer[] = [];
  let have = 0;
  let need = headerBytes;
  let isOver = false;
  const forward = (bytes: Buffer): void => {
    if (bytes.length > 0) for (const driver of drivers) driver.call(stream, bytes);
  };
  const onData = (chunk: Buffer): void => {
    pieces.push(chunk);
    have += chunk.length;
    if (have < need) return;
    const bytes = pieces.length === 1 ? chunk : Buffer.concat(pieces);
    pieces = [];
    have = 0;
    need = headerBytes;
    let at = 0;
    // Messages for the driver that follow each other go to it together.
    let kept = 0;
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
    if (at === bytes.length) return;
    if (isOver) {
      forward(bytes.subarray(at));
      return;
    }
    pieces.push(bytes.subarray(at));
    have = bytes.length - at;
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
