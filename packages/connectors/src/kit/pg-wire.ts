import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import type { ServerSocket } from './way.ts';

/** Gives up on a server that says nothing for so long. */
export const limitSilence = (socket: ServerSocket, timeoutMs: number): void => {
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error('timeout expired')));
};

/**
 * Asks a server for encryption and shakes hands. Rejects like the driver: "The server does not support SSL
 * connections", or the TLS error with its code.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
 */
export function encryptPg(socket: ServerSocket, tls: ConnectionOptions): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('Connection terminated unexpectedly')));
  socket.once('data', (answer: Buffer) => {
    if (answer.toString('latin1') !== 'S') {
      const refused = answer.toString('latin1') === 'N';
      socket.destroy();
      reject(new Error(refused ? 'The server does not support SSL connections' : 'Not PostgreSQL'));
      return;
    }
    const secured = connectTls({ socket, ...tls });
    secured.once('error', reject);
    secured.once('secureConnect', () => resolve(secured));
  });
  socket.write(message([sslRequestCode]));
  return promise;
}

/**
 * Asks the server over a connection of its own to stop what a session is doing; resolves when the request was passed on or
 * failed.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export async function cancelPg(
  dial: () => Promise<ServerSocket>,
  timeoutMs: number,
  tls: ConnectionOptions | false,
  key: { processId: number; secretKey: number },
): Promise<void> {
  const closed = Promise.withResolvers<void>();
  try {
    const socket = await dial();
    socket.once('close', () => closed.resolve());
    socket.on('error', () => {});
    limitSilence(socket, timeoutMs);
    const stream = tls ? await encryptPg(socket, tls) : socket;
    stream.on('error', () => {});
    // The server answers nothing and closes the connection.
    stream.resume();
    stream.write(message([cancelRequestCode, key.processId, key.secretKey]));
  } catch {
    return;
  }
  await closed.promise;
}

const sslRequestCode = 80_877_103;
const cancelRequestCode = 80_877_102;

/** A message of the start of a connection: its length in bytes, then 32-bit integers. */
function message(integers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + integers.length * 4);
  bytes.writeInt32BE(bytes.length, 0);
  integers.forEach((integer, index) => {
    bytes.writeInt32BE(integer, 4 + index * 4);
  });
  return bytes;
}
