import type { Row } from '@sluice/domain/column';
import { type S3Server, startS3Server } from '@sluice/testing/s3/s3-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NotAdmitted } from '../../../kit/destination.ts';
import type { FileBatch, FileResult } from '../../../kit/file-batch.ts';
import type { Configuration } from '../../../kit/source.ts';
import {
  configurationOf,
  createTestContext,
  deliverOnce,
  freely,
  recordsOf,
  type TestContext,
} from '../../__tests__/destination-context.ts';
import { amazonS3Destination } from '../definition.ts';

const role = { arn: 'arn:aws:iam::123456789012:role/sluice', externalId: 'known to two' };
let server: S3Server;
let context: TestContext;
beforeAll(async () => {
  server = await startS3Server({ roles: [role] });
  context = createTestContext([server.port, 1]);
});
afterAll(async () => {
  await server.close();
  await context.close();
});
beforeEach(() => {
  server.operations.length = 0;
});
afterEach(() => {
  const { objects, uploads } = bucket();
  objects.clear();
  uploads.clear();
  server.onOperation = null;
});

const bucket = () => {
  const found = server.buckets.get('acme');
  if (!found) throw new Error('the bucket is gone');
  return found;
};
const names = () => [...bucket().objects.keys()];
const textOf = (name: string) => bucket().objects.get(name)?.bytes.toString('utf8');

const configuration = (changes: Configuration = {}): Configuration => ({
  bucket: 'acme',
  region: 'eu-central-1',
  prefix: 'out',
  endpoint: server.url,
  pathStyle: true,
  accessKeyId: server.accessKeyId,
  secretAccessKey: server.secretAccessKey,
  ...changes,
});
const variables = { 'run-id': 7, 'sync-slug': 'people', 'run-started-at': '2026-11-22T07:00:00Z' };
const mappings = ['id', 'name'].map((name) => ({ type: 'column' as const, from: name, to: name }));

async function writerOf(options: Record<string, unknown> = {}, changes: Configuration = {}) {
  const connection = amazonS3Destination.open(configuration(changes), context);
  const sync = configurationOf({ object: 'file', mode: 'all', mappings, options });
  const { files, ...writer } = await connection.writer(sync, variables);
  if (!files) throw new Error('a destination of files writes files');
  return { ...writer, files };
}

const people = (count: number, width = 0): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: index, name: `n${index}${'x'.repeat(width)}` }));

/** A file of these rows, as the engine gives it. */
function fileOf(rows: readonly Row[]): FileBatch {
  const records = recordsOf(
    'create',
    rows.map((row) => ({ row, fields: row, key: String(row.id) })),
  );
  return {
    class: 'added',
    part: { number: 1, of: 1 },
    columns: [
      { name: 'id', type: 'integer', nativeType: 'bigint' },
      { name: 'name', type: 'string', nativeType: 'text' },
    ],
    async *rows() {
      for (let from = 0; from < records.length; from += 1_000) yield records.slice(from, from + 1_000);
    },
  };
}
const said = (result: FileResult) =>
  result.status === 'complete' ? 'complete' : `${result.status}:${result.code}`;

/** More than two parts of a file. */
const large = people(20_000, 1_000);
const name = 'out/people/2026-11-22T070000-7.csv';

describe('a file', () => {
  test('is put with one request where it fits into one', async () => {
    const { files } = await writerOf();
    const result = await files.write(fileOf(people(2)), freely);
    expect(said(result)).toBe('complete');
    expect(textOf(name)).toBe('id,name\n0,n0\n1,n1\n');
    expect(server.operations).toEqual(['PutObject']);
    expect(result.exchanges).toMatchObject([
      {
        request: { summary: `PUT s3://acme/${name}`, body: 'id,name\n0,n0\n1,n1\n' },
        response: { summary: '200 OK' },
      },
    ]);
  });

  test('is uploaded in parts that nobody sees before all are there', async () => {
    const seen: string[][] = [];
    server.onOperation = () => {
      seen.push(names());
    };
    const { files } = await writerOf();
    expect(said(await files.write(fileOf(large), freely))).toBe('complete');
    expect(server.operations).toEqual([
      ...['ListMultipartUploads', 'CreateMultipartUpload', 'UploadPart', 'UploadPart', 'UploadPart'],
      'CompleteMultipartUpload',
    ]);
    expect(seen.flat()).toEqual([]);
    const lines = textOf(name)?.split('\n') ?? [];
    expect([lines.length, lines[1], lines.at(-2)]).toEqual([
      20_002,
      `0,${large[0]?.name}`,
      `19999,${large.at(-1)?.name}`,
    ]);
    expect(bucket().uploads.size).toBe(0);
  });

  test('is replaced when it is written again', async () => {
    const { files } = await writerOf();
    await files.write(fileOf(people(3)), freely);
    await files.write(fileOf(people(1)), freely);
    expect(names()).toEqual([name]);
    expect(textOf(name)).toBe('id,name\n0,n0\n');
  });

  test('is encrypted as the connection says', async () => {
    const { files } = await writerOf({}, { encryption: 'aws:kms', kmsKeyId: 'arn:aws:kms:x:1:key/2' });
    await files.write(fileOf(people(1)), freely);
    expect(bucket().objects.get(name)?.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:x:1:key/2',
    });
  });
});

describe('when something goes wrong', () => {
  test.each(['slow_down', 'internal', 'reset_before', 'reset_after'] as const)(
    'a part is sent again alone (%s)',
    async (fault) => {
      server.misbehave(fault, 'UploadPart', 2);
      const { files } = await writerOf();
      expect(said(await files.write(fileOf(large), freely))).toBe('complete');
      expect(server.operations.filter((one) => one === 'UploadPart')).toHaveLength(5);
      expect(textOf(name)?.length).toBeGreaterThan(20_000_000);
    },
  );

  test('a file whose last answer was lost may be there, and is written again over itself', async () => {
    server.misbehave('reset_after', 'CompleteMultipartUpload');
    const { files } = await writerOf();
    const first = await files.write(fileOf(large), freely);
    expect(first).toMatchObject({ status: 'retry', code: 'no_answer', inDoubt: true });
    expect(names()).toEqual([name]);
    expect(said(await files.write(fileOf(large), freely))).toBe('complete');
    expect(names()).toEqual([name]);
  });

  test('a file that the store never took is not in doubt, and its parts are thrown away', async () => {
    server.misbehave('slow_down', 'CompleteMultipartUpload', 4);
    const { files } = await writerOf();
    const result = await files.write(fileOf(large), freely);
    expect(result).toMatchObject({ status: 'retry', code: 'SlowDown', inDoubt: false });
    expect([names(), bucket().uploads.size]).toEqual([[], 0]);
  });

  test.each([1, 3, 5])('nothing of a file is left when the run stops before request %i', async (at) => {
    let left = at;
    const admit = async () => {
      left -= 1;
      if (left < 1) throw new NotAdmitted();
    };
    const { files } = await writerOf();
    expect(said(await files.write(fileOf(large), { ...freely, admit }))).toBe('retry:not_sent');
    expect([names(), bucket().uploads.size]).toEqual([[], 0]);
  });

  test('nothing is left when the request that is on its way is cut', async () => {
    const stop = new AbortController();
    server.misbehave('hang', 'UploadPart');
    server.onOperation = (operation) => {
      if (operation === 'UploadPart') stop.abort('cancelled');
    };
    const { files } = await writerOf();
    expect(said(await files.write(fileOf(large), { ...freely, signal: stop.signal }))).toBe('retry:not_sent');
    expect([names(), bucket().uploads.size]).toEqual([[], 0]);
  });

  test('what a dead worker left of the same file is thrown away, and nothing else', async () => {
    const dead = bucket().begin(name, {});
    const other = bucket().begin(`${name}.other`, {});
    const { files } = await writerOf();
    await files.write(fileOf(large), freely);
    expect([...bucket().uploads.keys()]).toEqual([other]);
    expect(bucket().uploads.has(dead)).toBe(false);
  });

  test('what the plan throws stops the file', async () => {
    const { files } = await writerOf();
    const broken: FileBatch = {
      ...fileOf([]),
      async *rows() {
        yield* fileOf(large).rows();
        throw new Error('the plan is gone');
      },
    };
    await expect(files.write(broken, freely)).rejects.toThrow('the plan is gone');
    expect([names(), bucket().uploads.size]).toEqual([[], 0]);
  });

  test('a refusal stops the run and says what is missing', async () => {
    const { files } = await writerOf();
    server.misbehave('denied', 'PutObject');
    await expect(files.write(fileOf(people(1)), freely)).rejects.toMatchObject({
      code: 'destination_permission',
      fix: expect.stringContaining('arn:aws:s3:::acme/out/*'),
    });
    const elsewhere = await writerOf({}, { bucket: 'elsewhere' });
    await expect(elsewhere.files.write(fileOf(people(1)), freely)).rejects.toMatchObject({
      code: 'destination_object_missing',
    });
    const wrong = await writerOf({}, { secretAccessKey: 'not the secret' });
    await expect(wrong.files.write(fileOf(people(1)), freely)).rejects.toMatchObject({
      code: 'destination_auth',
    });
  });

  test('a store that is not there is asked again later', async () => {
    const { files } = await writerOf({}, { endpoint: 'http://127.0.0.1:1' });
    expect(await files.write(fileOf(people(1)), freely)).toMatchObject({
      status: 'retry',
      code: 'unreachable',
      inDoubt: false,
    });
  });

  test('an address that is not allowed is not called', async () => {
    const { files } = await writerOf({}, { endpoint: 'http://127.0.0.1:2' });
    await expect(files.write(fileOf(people(1)), freely)).rejects.toMatchObject({ code: 'egress_refused' });
  });
});

describe('a role', () => {
  const roleOf = (externalId: string) => ({ roleArn: role.arn, externalId });

  test('gives the rights to put files, to who knows its external id', async () => {
    const { files } = await writerOf({}, roleOf(role.externalId));
    expect(said(await files.write(fileOf(people(1)), freely))).toBe('complete');
    expect(server.operations).toEqual(['AssumeRole', 'PutObject']);
  });

  test('that cannot be assumed is said to be that', async () => {
    const { files } = await writerOf({}, roleOf('a guess'));
    await expect(files.write(fileOf(people(1)), freely)).rejects.toMatchObject({
      code: 'destination_permission',
      message: expect.stringContaining('assume the role'),
      fix: expect.stringContaining('external id'),
    });
  });
});

test('the connection may write without the right to remove', async () => {
  const check = async () => {
    const results = [];
    for await (const one of amazonS3Destination.open(configuration(), context).check()) results.push(one);
    return results.map(({ name, status }) => `${name} ${status}`);
  };
  expect(await check()).toEqual(['write passed', 'remove passed']);
  expect(names()).toEqual([]);
  server.misbehave('denied', 'DeleteObject');
  expect(await check()).toEqual(['write passed', 'remove warning']);
});

test('a row that is tried is a file of its own, and shown before', async () => {
  const connection = amazonS3Destination.open(configuration(), context);
  const sync = configurationOf({ object: 'file', mode: 'all', mappings, options: { fileName: 'latest' } });
  const writer = await connection.writer(sync, { ...variables, 'run-id': null });
  const records = recordsOf('create', [{ row: { id: 1, name: 'a' }, fields: { id: 1, name: 'a' } }]);
  expect(await writer.preview(records)).toEqual([
    { summary: 'PUT s3://acme/out/latest-test.csv', headers: {}, body: 'id,name\n1,a\n' },
  ]);
  expect((await deliverOnce(writer, records)).outcomes).toEqual(['delivered']);
  expect(names()).toEqual(['out/latest-test.csv']);
});

test('addresses of Amazon need no endpoint', async () => {
  const asked: string[] = [];
  const egress = {
    ...context.egress,
    request: async (request: { url: string }) => {
      asked.push(new URL(request.url).host);
      return { status: 200, headers: { etag: '"e"' }, body: '', incomplete: false };
    },
  };
  const { endpoint: _, pathStyle: __, ...amazon } = configuration();
  const connection = amazonS3Destination.open(amazon, { ...context, egress });
  const writer = await connection.writer(
    configurationOf({ object: 'file', mode: 'all', mappings }),
    variables,
  );
  await writer.files?.write(fileOf(people(1)), freely);
  expect(asked).toEqual(['acme.s3.eu-central-1.amazonaws.com']);
});
