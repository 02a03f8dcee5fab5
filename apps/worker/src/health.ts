import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers `GET /health` on the loopback address: 200 while the worker works, 503 while it does not or drains. */
export async function serveHealth(
  port: number,
  read: () => Promise<{ status: 'ok' | 'degraded' | 'down' | 'draining' }>,
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) =>
      response
        .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
        .end(`${JSON.stringify(body)}\n`);
    if (request.method !== 'GET' || request.url !== '/health') {
      answer(404, { message: 'There is only GET /health.' });
      return;
    }
    read().then(
      (health) => answer(health.status === 'ok' || health.status === 'degraded' ? 200 : 503, health),
      () => answer(503, { status: 'down' }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
