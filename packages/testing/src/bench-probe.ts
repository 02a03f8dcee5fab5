// The least that can answer a request from the database: what a machine gives without any product. Takes a database URL,
// prints its own address.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.argv[2], max: 10 });
const server = createServer((request, response) => {
  const id = Number(request.url?.slice(1));
  pool.query('select id, slug, status, configuration from syncs where id = $1', [id]).then(
    ({ rows }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(rows[0] ?? null));
    },
    (error: Error) => response.writeHead(500).end(error.message),
  );
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
