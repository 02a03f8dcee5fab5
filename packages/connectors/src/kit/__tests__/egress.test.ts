import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import {
  expiredCertificate,
  foreignCertificate,
  localCertificate,
  testAuthority,
} from '@sluice/testing/certificates';
import { type HttpServer, startHttpServer } from '@sluice/testing/http-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EgressRequest } from '../context.ts';
import { createEgress } from '../egress.ts';

let server: HttpServer;
let egress: ReturnType<typeof createEgress>;
beforeAll(async () => {
  server = await startHttpServer();
  egress = createEgress({ allow: [`${server.host}:${server.port}`], deny: [] });
});
beforeEach(() => {
  server.requests.length = 0;
  server.handle(() => ({ body: 'ok' }));
});
afterAll(async () => {
  await egress.close();
  await server.close();
});

const plain = (): EgressRequest => ({
  method: 'POST',
  url: `${server.url}/path?q=1`,
  headers: { 'x-test': 'yes' },
  body: 'hello',
  timeoutMs: 5_000,
  bodyBytesMax: 100_000,
  signal: new AbortController().signal,
});
const request = (overrides: Partial<EgressRequest> = {}) => egress.request({ ...plain(), ...overrides });

describe('requests through the guard', () => {
  test('sends what it was given and answers status, headers and body', async () => {
    server.handle(() => ({ status: 207, headers: { 'x-answer': 'a' }, body: 'grüße 🎉' }));
    await expect(request()).resolves.toMatchObject({
      status: 207,
      headers: { 'x-answer': 'a' },
      body: 'grüße 🎉',
      incomplete: false,
    });
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/path?q=1',
      body: 'hello',
      headers: { 'x-test': 'yes' },
    });
  });

  test('asks once more before the first byte leaves', async () => {
    let asked = 0;
    await request({
      beforeSend() {
        asked += 1;
      },
    });
    expect(asked).toBe(1);
    const refusal = new Error('the lease is gone');
    const refuse = () => {
      throw refusal;
    };
    // Over the connection that stands, and over a new one.
    for (const open of [egress, createEgress({ allow: [`${server.host}:${server.port}`], deny: [] })]) {
      const refused = open.request({ ...plain(), beforeSend: refuse });
      await expect(refused).rejects.toBe(refusal);
      await expect(open.request(plain())).resolves.toMatchObject({ body: 'ok' });
      if (open !== egress) await open.close();
    }
    expect(server.requests).toHaveLength(3);
  });

  test('knows that a request which waited for its connection too long has not left', async () => {
    const silent = createTcpServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const patient = createEgress({ allow: [`127.0.0.1:${port}`], deny: [] });
    // TLS with a server that never says a word.
    const waiting = patient.request({ ...plain(), url: `https://127.0.0.1:${port}/`, timeoutMs: 50 });
    await expect(waiting).rejects.toMatchObject({ stage: 'timeout', sent: false });
    await patient.close();
    silent.close();
  });

  test('does not follow redirects', async () => {
    server.handle(() => ({ status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data' } }));
    await expect(request()).resolves.toMatchObject({ status: 302 });
    expect(server.requests).toHaveLength(1);
  });

  test('ignores proxy variables', async () => {
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
    vi.stubEnv('http_proxy', 'http://127.0.0.1:1');
    try {
      await expect(request()).resolves.toMatchObject({ body: 'ok' });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test.each([
    'http://127.0.0.1:1/',
    'http://[::1]:8080/',
    'http://2130706433/',
    'http://169.254.169.254/latest/meta-data',
    'http://user:password@example.com/',
    'http://user@example.com/',
    'file:///etc/passwd',
    'ftp://example.com/',
    'data:text/plain,hello',
    'not a url',
    '//example.com/',
  ])('refuses %s', async (url) => {
    await expect(request({ url })).rejects.toMatchObject({ code: 'egress_refused' });
    expect(server.requests).toHaveLength(0);
  });

  test('says the same of open and closed ports that it refuses', async () => {
    const guard = createEgress({ allow: [], deny: [] });
    const words = (port: number) =>
      guard.resolve('127.0.0.1', port).catch((error: Error) => error.message.replace(`:${port}`, ':PORT'));
    expect(await words(server.port)).toBe(await words(1));
    await guard.close();
  });

  test('a port that nobody listens on is a failure before anything was sent', async () => {
    const closed = createEgress({ allow: ['127.0.0.1:1'], deny: [] });
    await expect(
      closed.request({
        method: 'GET',
        url: 'http://127.0.0.1:1/',
        headers: {},
        timeoutMs: 2_000,
        bodyBytesMax: 10,
        signal: new AbortController().signal,
      }),
    ).rejects.toMatchObject({ name: 'EgressFailure', stage: 'connect', sent: false });
    await closed.close();
  });

  test('headers that belong to the connection are refused, not smuggled', async () => {
    const smuggled: Record<string, string>[] = [
      { 'transfer-encoding': 'chunked' },
      { 'bad\nname': 'x' },
      { x: 'a\r\nb: c' },
    ];
    for (const headers of smuggled) {
      await expect(request({ headers })).rejects.toMatchObject({ code: 'input_invalid' });
    }
    expect(server.requests).toHaveLength(0);
  });

  test('reads no more of an answer than allowed', async () => {
    server.handle(() => ({ body: 'x'.repeat(10_000) }));
    const answer = await request({ bodyBytesMax: 1_000 });
    expect(answer.incomplete).toBe(true);
    expect(answer.body).toHaveLength(1_000);
    await expect(request({ bodyBytesMax: 10_000 })).resolves.toMatchObject({ incomplete: false });
  });

  test('a compressed bomb is cut while it unpacks', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const raw = await rawServer((socket) => {
      const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`;
      socket.end(Buffer.concat([Buffer.from(head), bomb]));
    });
    const before = process.memoryUsage().rss;
    const answer = await raw.get();
    expect(answer.incomplete).toBe(true);
    expect(answer.body.length).toBeLessThanOrEqual(5 * 1024 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    await raw.close();
  });

  test('a compressed answer is unpacked', async () => {
    const raw = await rawServer((socket) => {
      const body = gzipSync('hello');
      const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`;
      socket.end(Buffer.concat([Buffer.from(head), body]));
    });
    await expect(raw.get()).resolves.toMatchObject({ body: 'hello', incomplete: false });
    await raw.close();
  });

  test('an answer that is cut is incomplete; one that never comes may have been sent', async () => {
    server.handle(() => ({ body: 'half', fault: 'cut' }));
    await expect(request()).resolves.toMatchObject({ incomplete: true });
    server.handle(() => ({ fault: 'reset' }));
    await expect(request()).rejects.toMatchObject({ name: 'EgressFailure', sent: true });
    server.handle(() => ({ fault: 'hang' }));
    await expect(request({ timeoutMs: 200 })).rejects.toMatchObject({ stage: 'timeout', sent: true });
    server.handle(() => ({ fault: 'drip' }));
    await expect(request({ timeoutMs: 300 })).resolves.toMatchObject({ incomplete: true });
  });

  test('stops when the signal aborts, with its reason', async () => {
    server.handle(() => ({ fault: 'hang' }));
    const abort = new AbortController();
    const sent = request({ signal: abort.signal });
    await server.received(1);
    abort.abort(new Error('cancelled by a person'));
    await expect(sent).rejects.toThrow('cancelled by a person');
  });

  test('keeps connections alive', async () => {
    let connections = 0;
    const counting = createHttpServer((_request, response) => response.end('ok'));
    counting.on('connection', () => connections++);
    await new Promise<void>((resolve) => counting.listen(0, '127.0.0.1', resolve));
    const { port } = counting.address() as AddressInfo;
    const guard = createEgress({ allow: [`127.0.0.1:${port}`], deny: [] });
    for (let count = 0; count < 5; count++) {
      const answer = await guard.request({
        method: 'GET',
        url: `http://127.0.0.1:${port}/`,
        headers: {},
        timeoutMs: 2_000,
        bodyBytesMax: 100,
        signal: new AbortController().signal,
      });
      expect(answer.body).toBe('ok');
    }
    // The pool may open a second one while the first is still being given back.
    expect(connections).toBeLessThan(3);
    await guard.close();
    counting.close();
  });
});

describe('encrypted requests', () => {
  test.each([
    ['a valid certificate for the host', localCertificate, [testAuthority], null],
    ['an unknown authority', localCertificate, undefined, 'tls'],
    ['a certificate for another host', foreignCertificate, [testAuthority], 'tls'],
    ['an expired certificate', expiredCertificate, [testAuthority], 'tls'],
  ])('%s', async (_what, certificate, ca, stage) => {
    const secure: Server = createTlsServer(certificate, (_request, response) => response.end('secret'));
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    const { port } = secure.address() as AddressInfo;
    const guard = createEgress({ allow: [`localhost:${port}`], deny: [], ca, lookup: loopback });
    const answer = guard.request({
      method: 'GET',
      url: `https://localhost:${port}/`,
      // The name that is verified is the URL's, whatever the request claims.
      headers: { host: 'other.example' },
      timeoutMs: 5_000,
      bodyBytesMax: 100,
      signal: new AbortController().signal,
    });
    if (stage === null) await expect(answer).resolves.toMatchObject({ body: 'secret' });
    else await expect(answer).rejects.toMatchObject({ name: 'EgressFailure', stage, sent: false });
    await guard.close();
    secure.closeAllConnections();
    secure.close();
  });
});

const loopback = async () => [{ address: '127.0.0.1', family: 4 }];

/** A server that speaks bytes rather than HTTP. */
async function rawServer(answer: (socket: Socket) => void) {
  const raw = createTcpServer((socket) => socket.once('data', () => answer(socket)).on('error', () => {}));
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  const { port } = raw.address() as AddressInfo;
  const guard = createEgress({ allow: [`127.0.0.1:${port}`], deny: [] });
  return {
    get: () =>
      guard.request({
        method: 'GET',
        url: `http://127.0.0.1:${port}/`,
        headers: {},
        timeoutMs: 10_000,
        bodyBytesMax: 5 * 1024 * 1024,
        signal: new AbortController().signal,
      }),
    close: async () => {
      await guard.close();
      raw.close();
    },
  };
}
