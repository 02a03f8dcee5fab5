import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** The whole table into a file, as fast as a Node process takes it. */
export async function copyOut(databaseUrl: string, path: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const stream = client.query(copyTo('copy public.people to stdout (format csv)'));
  await pipeline(stream, createWriteStream(path));
  await client.end();
}
