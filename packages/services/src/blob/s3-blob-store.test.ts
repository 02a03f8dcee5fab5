import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobStore } from '@sluice/engine/ports';
import { type S3Server, startS3Server } from '@sluice/testing/s3/s3-server';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openBlobStore } from './open-blob-store.ts';

let server: S3Server;
let directory: string;
let blobs: BlobStore;
beforeAll(async () => {
  server = await startS3Server();
  directory = await mkdtemp(join(tmpdir(), 'sluice-s3-blobs-'));
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
  blobs = openBlobStore(`s3://acme/sluice/?endpoint=${encodeURIComponent(server.url)}`, directory);
  server.operations.length = 0;
});
afterEach(() => {
  vi.unstubAllEnvs();
  bucket().objects.clear();
  bucket().uploads.clear();
});

const bucket = () => {
  const found = server.buckets.get('acme');
  if (!found) throw new Error('the bucket is gone');
  return found;
};
const put = async (key: string, content: string | Buffer): Promise<string> => {
  const path = join(directory, `local-${Math.random()}`);
  await writeFile(path, content);
  await blobs.put(key, path);
  return path;
};
const read = async (key: string): Promise<Buffer> => {
  const file = await blobs.read(key);
  const bytes = await readFile(file.path);
  await file.release();
  expect(existsSync(file.path)).toBe(false);
  return bytes;
};

test('moves a file into the bucket and reads it back', async () => {
  const path = await put('plans/1/2/3.parquet', 'the plan');
  expect(existsSync(path)).toBe(false);
  expect([...bucket().objects.keys()]).toEqual(['sluice/plans/1/2/3.parquet']);
  expect((await read('plans/1/2/3.parquet')).toString()).toBe('the plan');
  await blobs.remove('plans/1/2/3.parquet');
  await blobs.remove('plans/1/2/3.parquet');
  expect(bucket().objects.size).toBe(0);
});

test('uploads large files in parts, and shows nothing of one that did not come about', async () => {
  const large = Buffer.alloc(20_000_000, 'a row of a plan ');
  await put('ledgers/1/2/large.parquet', large);
  expect(server.operations.filter((one) => one === 'UploadPart').length).toBeGreaterThan(1);
  expect((await read('ledgers/1/2/large.parquet')).equals(large)).toBe(true);
  server.misbehave('denied', 'UploadPart');
  await expect(put('ledgers/1/2/large.parquet', Buffer.alloc(20_000_000, 'other '))).rejects.toThrow(
    'Access Denied',
  );
  expect(bucket().uploads.size).toBe(0);
  expect((await read('ledgers/1/2/large.parquet')).equals(large)).toBe(true);
});

test('keeps a local file that could not be stored', async () => {
  server.misbehave('denied', 'PutObject');
  const path = join(directory, 'kept');
  await writeFile(path, 'kept');
  await expect(blobs.put('plans/1/1/1.parquet', path)).rejects.toThrow('Access Denied');
  expect(await readFile(path, 'utf8')).toBe('kept');
});

test('goes on where the store is busy or a connection breaks', async () => {
  server.misbehave('slow_down', 'PutObject', 2);
  server.misbehave('reset_after', 'PutObject');
  await put('plans/1/1/2.parquet', 'again');
  server.misbehave('internal', 'GetObject');
  server.misbehave('reset_before', 'GetObject');
  expect((await read('plans/1/1/2.parquet')).toString()).toBe('again');
});

test('says which blobs are gone, and of none that it cannot reach', async () => {
  await expect(blobs.read('ledgers/1/1/1.json')).rejects.toMatchObject({ code: 'ledger_missing' });
  await expect(blobs.read('plans/1/1/1.parquet')).rejects.toMatchObject({ code: 'plan_missing' });
  server.misbehave('denied', 'GetObject', 3);
  await expect(blobs.read('plans/1/1/1.parquet')).rejects.toThrow('Access Denied');
  const elsewhere = openBlobStore(`s3://nowhere?endpoint=${encodeURIComponent(server.url)}`, directory);
  await expect(elsewhere.read('plans/1/1/1.parquet')).rejects.toThrow('The specified bucket does not exist');
});

test('lists by the beginning of names, over many pages', async () => {
  for (let index = 0; index < 1_005; index += 1) {
    bucket().put(`sluice/plans/1/2/${index}.parquet`, Buffer.alloc(1), {});
  }
  bucket().put('sluice/ledgers/1/2/1.json', Buffer.alloc(1), {});
  bucket().put('other/plans/1/2/1.parquet', Buffer.alloc(1), {});
  expect(await Array.fromAsync(blobs.list('plans/1/2/'))).toHaveLength(1_005);
  expect((await Array.fromAsync(blobs.list('plans/1/2/100'))).sort()).toEqual(
    ['100', '1000', '1001', '1002', '1003', '1004'].map((number) => `plans/1/2/${number}.parquet`).sort(),
  );
  expect(await Array.fromAsync(blobs.list(''))).toHaveLength(1_006);
});

test('takes no name that leads out of its folder', async () => {
  await expect(blobs.read('plans/../secrets')).rejects.toMatchObject({ code: 'internal' });
});
