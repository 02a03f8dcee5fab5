// An HTTP server that takes everything: reads each body and answers 200, after `delayMs`. Prints its address.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const { delayMs = 0 } = JSON.parse(process.argv[2] ?? '{}') as { delayMs?: number };
const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    const answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    if (delayMs > 0) setTimeout(answer, delayMs);
    else answer();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
