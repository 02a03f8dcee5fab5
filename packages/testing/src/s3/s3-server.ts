import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { crc32 } from 'node:zlib';
import { Bucket, Refusal } from './bucket.ts';
import { answerS3, type Operation, operationOf } from './operations.ts';
import { type Keys, signatureFault } from './signature.ts';
import { assumeRole, type Role } from './sts.ts';

/** What goes wrong with a request: an answer of S3, or a connection that breaks before or after the work is done. */
export type Fault = 'slow_down' | 'internal' | 'denied' | 'reset_before' | 'reset_after' | 'hang';

export interface S3Server {
  readonly url: string;
  readonly port: number;
  readonly buckets: Map<string, Bucket>;
  /** Operations in the order they came, those that were refused included. */
  readonly operations: Operation[];
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The next `count` requests of this operation go wrong. */
  misbehave(fault: Fault, operation: Operation, count?: number): void;
  /** Nothing goes wrong any more. */
  behave(): void;
  /** Breaks every connection that is open. */
  breakAll(): void;
  /** Called with each operation before it is answered. */
  onOperation: ((operation: Operation) => void | Promise<void>) | null;
  close(): Promise<void>;
}

/**
 * A server that speaks S3 over path-style addresses, with what clients get wrong: it verifies signatures and checksums,
 * holds parts to their least size, and shows an object only when it is complete. Roles can be assumed at the same address.
 */
export async function startS3Server(
  options: { readonly buckets?: readonly string[]; readonly roles?: readonly Role[] } = {},
): Promise<S3Server> {
  const accessKeyId = 'AKIASLUICETEST000001';
  const secretAccessKey = 'test/secret+key/of/forty/characters/00001';
  const keys = new Map<string, { secret: string; token?: string }>([
    [accessKeyId, { secret: secretAccessKey }],
  ]);
  const faults: { fault: Fault; operation: Operation; left: number }[] = [];
  const sockets = new Set<Socket>();
  const self = {
    buckets: new Map((options.buckets ?? ['acme']).map((name) => [name, new Bucket()])),
    operations: [] as Operation[],
    accessKeyId,
    secretAccessKey,
    onOperation: null as S3Server['onOperation'],
    misbehave(fault: Fault, operation: Operation, count = 1) {
      faults.push({ fault, operation, left: count });
    },
    behave() {
      faults.length = 0;
    },
    breakAll() {
      for (const socket of sockets) socket.destroy();
    },
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const operation = operationOf(request);
    self.operations.push(operation);
    await self.onOperation?.(operation);
    const fault = faults.find((one) => one.operation === operation && one.left > 0);
    if (fault) fault.left -= 1;
    if (fault?.fault === 'hang') return;
    if (fault?.fault === 'reset_before') return void request.socket.destroy();
    assertSound(request, body, keys);
    if (fault?.fault === 'slow_down') throw new Refusal(503, 'SlowDown', 'Please reduce your request rate.');
    if (fault?.fault === 'internal')
      throw new Refusal(500, 'InternalError', 'We encountered an internal error.');
    if (fault?.fault === 'denied') throw new Refusal(403, 'AccessDenied', 'Access Denied');
    const answer =
      operation === 'AssumeRole'
        ? assumeRole(body.toString('utf8'), options.roles ?? [], keys)
        : answerS3(operation, request, body, self.buckets);
    if (fault?.fault === 'reset_after') return void request.socket.destroy();
    response.writeHead(answer.status ?? 200, answer.headers ?? {});
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((thrown: unknown) => {
      const refusal = thrown instanceof Refusal ? thrown : new Refusal(500, 'TestServer', String(thrown));
      response.writeHead(refusal.status, { 'content-type': 'application/xml' });
      const xml = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${refusal.code}</Code><Message>${refusal.message}</Message></Error>`;
      response.end(request.method === 'HEAD' ? undefined : xml);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(self, {
    url: `http://127.0.0.1:${port}`,
    port,
    async close() {
      server.close();
      self.breakAll();
      await once(server, 'close');
    },
  });
}

function assertSound(request: IncomingMessage, body: Buffer, keys: Keys): void {
  const fault = signatureFault(request, body, keys);
  if (fault !== null) throw new Refusal(403, fault, `The request is refused: ${fault}.`);
  const told = request.headers['x-amz-checksum-crc32'];
  if (told === undefined) return;
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  if (sum.toString('base64') !== told) throw new Refusal(400, 'BadDigest');
}
