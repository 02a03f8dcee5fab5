import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '@sluice/domain/column';
import { hasOpenssh, type SftpServer, startSftpServer } from '@sluice/testing/sftp/sftp-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NotAdmitted } from '../../../kit/destination.ts';
import type { FileBatch, FileResult } from '../../../kit/file-batch.ts';
import type { Configuration } from '../../../kit/source.ts';
import {
  configurationOf,
  createTestContext,
  freely,
  recordsOf,
  type TestContext,
} from '../../__tests__/destination-context.ts';
import { sftpDestination } from '../definition.ts';

const variables = { 'run-id': 7, 'sync-slug': 'people', 'run-started-at': '2026-11-22T07:00:00Z' };
const mappings = ['id', 'name'].map((name) => ({ type: 'column' as const, from: name, to: name }));
const name = '2026-11-22T070000-7.csv';
const people = (count: number, width = 0): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: index, name: `n${index}${'x'.repeat(width)}` }));
const large = people(2_000, 1_000);

function fileOf(rows: readonly Row[]): FileBatch {
  const records = recordsOf(
    'create',
    rows.map((row) => ({ row, fields: row, key: String(row.id) })),
  );
  return {
    class: 'added',
    part: { number: 1, of: 1 },
    columns: [],
    async *rows() {
      for (let from = 0; from < records.length; from += 200) yield records.slice(from, from + 200);
    },
  };
}
const said = (result: FileResult) =>
  result.status === 'complete' ? 'complete' : `${result.status}:${result.code}`;

let server: SftpServer;
let context: TestContext;

function useServer(openssh: boolean): void {
  beforeAll(async () => {
    server = await startSftpServer({ openssh });
    context = createTestContext([server.port, 1]);
  });
  afterAll(async () => {
    await context.close();
    await server.close();
  });
  afterEach(() => {
    rmSync(join(server.directory, 'out'), { recursive: true, force: true });
    server.operations.length = 0;
    server.onOperation = null;
  });
}

const configuration = (changes: Configuration = {}): Configuration => ({
  host: '127.0.0.1',
  port: server.port,
  hostKey: server.fingerprint,
  user: server.user,
  password: server.password,
  directory: 'out',
  ...changes,
});
async function filesOf(changes: Configuration = {}, timeouts: Partial<TestContext['timeouts']> = {}) {
  const connection = sftpDestination.open(configuration(changes), {
    ...context,
    timeouts: { ...context.timeouts, ...timeouts },
  });
  const writer = await connection.writer(
    configurationOf({ object: 'file', mode: 'all', mappings }),
    variables,
  );
  if (!writer.files) throw new Error('a destination of files writes files');
  return writer.files;
}
/** Names below the folder, as anybody sees them. */
const names = (): string[] => {
  try {
    return readdirSync(join(server.directory, 'out'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(server.directory.length + 1));
  } catch {
    return [];
  }
};
const textOf = (path: string) => readFileSync(join(server.directory, path), 'utf8');
const checked = async (changes: Configuration = {}) =>
  await Array.fromAsync(sftpDestination.open(configuration(changes), context).check());

const served = (openssh: boolean) => () => {
  useServer(openssh);

  test('a file is written into folders that are made for it, and has its name when it is whole', async () => {
    const files = await filesOf();
    const result = await files.write(fileOf(large), freely);
    expect(said(result)).toBe('complete');
    expect(names()).toEqual([`out/people/${name}`]);
    const lines = textOf(`out/people/${name}`).split('\n');
    expect([lines.length, lines[0], lines.at(-2)]).toEqual([2_002, 'id,name', `1999,${large.at(-1)?.name}`]);
  });

  test('a file is replaced when it is written again', async () => {
    const files = await filesOf();
    await files.write(fileOf(people(3)), freely);
    await files.write(fileOf(people(1)), freely);
    expect(names()).toEqual([`out/people/${name}`]);
    expect(textOf(`out/people/${name}`)).toBe('id,name\n0,n0\n');
  });

  test('what a dead worker left of the same file is removed, and nothing else', async () => {
    const folder = join(server.directory, 'out/people');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `.${name}.00ff00ff00ff.sluice-part`), 'half');
    writeFileSync(join(folder, '.other.csv.00ff00ff00ff.sluice-part'), 'half');
    const files = await filesOf();
    expect(said(await files.write(fileOf(people(1)), freely))).toBe('complete');
    expect(names().sort()).toEqual(['out/people/.other.csv.00ff00ff00ff.sluice-part', `out/people/${name}`]);
  });

  test.each([1, 2, 4])('nothing is left when the run stops before step %i', async (at) => {
    let left = at;
    const admit = async () => {
      left -= 1;
      if (left < 1) throw new NotAdmitted();
    };
    const files = await filesOf();
    expect(said(await files.write(fileOf(large), { ...freely, admit }))).toBe('retry:not_sent');
    expect(names()).toEqual([]);
  });

  test('what the plan throws stops the file', async () => {
    const files = await filesOf();
    const broken: FileBatch = {
      ...fileOf([]),
      async *rows() {
        yield* fileOf(large).rows();
        throw new Error('the plan is gone');
      },
    };
    await expect(files.write(broken, freely)).rejects.toThrow('the plan is gone');
    expect(names()).toEqual([]);
  });

  test('signs in with a password or a key, and with nothing else', async () => {
    const key = { authentication: 'key', privateKey: server.privateKey };
    expect((await checked(key)).map(({ status }) => status)).toEqual(['passed', 'passed']);
    expect((await checked()).map(({ status }) => status)).toEqual(['passed', 'passed']);
    expect(readdirSync(join(server.directory, 'out'))).toEqual([]);
    for (const wrong of [{ password: 'wrong' }, { ...key, privateKey: 'no key' }]) {
      const files = await filesOf(wrong);
      await expect(files.write(fileOf(people(1)), freely)).rejects.toMatchObject({
        code: 'destination_auth',
      });
    }
  });

  test('says nothing to a server whose key nobody confirmed, and shows the key', async () => {
    const [first, second] = await checked({ hostKey: '' });
    expect(first).toMatchObject({ status: 'failed', fix: expect.stringContaining(server.fingerprint) });
    expect(second?.status).toBe('skipped');
    const other = `SHA256:${'A'.repeat(43)}`;
    const files = await filesOf({ hostKey: other });
    await expect(files.write(fileOf(people(1)), freely)).rejects.toMatchObject({
      code: 'destination_host_key',
      message: expect.stringContaining('another key'),
    });
    expect(names()).toEqual([]);
  });

  test('a server that is not there is asked again later, and an address that is not allowed never', async () => {
    const nobody = await filesOf({ port: 1 });
    expect(said(await nobody.write(fileOf(people(1)), freely))).toBe('retry:connection_lost');
    const refused = await filesOf({ port: 2 });
    await expect(refused.write(fileOf(people(1)), freely)).rejects.toMatchObject({ code: 'egress_refused' });
  });
};

describe('with our server', served(false));
describe.skipIf(!hasOpenssh)('with the sftp-server of OpenSSH, where it is installed', served(true));

describe('when something goes wrong', () => {
  useServer(false);

  test('a refusal stops the run and says what is missing', async () => {
    server.misbehave('denied', 'OPEN');
    const files = await filesOf();
    await expect(files.write(fileOf(people(1)), freely)).rejects.toMatchObject({
      code: 'destination_permission',
      fix: expect.stringContaining('rename and remove files'),
    });
  });

  test.each(['WRITE', 'CLOSE'] as const)(
    'a %s that fails leaves nothing, and is tried again later',
    async (operation) => {
      server.misbehave('failure', operation);
      const files = await filesOf();
      expect(await files.write(fileOf(large), freely)).toMatchObject({
        status: 'retry',
        code: 'failure',
        inDoubt: false,
      });
      expect(names()).toEqual([]);
      expect(said(await files.write(fileOf(large), freely))).toBe('complete');
    },
  );

  test('a connection that breaks leaves a file that nobody looks for, which the next try removes', async () => {
    server.misbehave('cut_before', 'CLOSE');
    const files = await filesOf();
    expect(await files.write(fileOf(people(5)), freely)).toMatchObject({
      status: 'retry',
      code: 'connection_lost',
      inDoubt: false,
    });
    expect(names()).toEqual([expect.stringMatching(/^out\/people\/\..*\.sluice-part$/)]);
    expect(said(await files.write(fileOf(people(5)), freely))).toBe('complete');
    expect(names()).toEqual([`out/people/${name}`]);
  });

  test.each(['OPEN', 'WRITE', 'RENAME'] as const)(
    'a server that says nothing to %s is not waited for',
    async (operation) => {
      server.misbehave('silent', operation);
      const files = await filesOf({}, { requestMs: 300 });
      const inDoubt = operation === 'RENAME';
      expect(await files.write(fileOf(people(5)), freely)).toMatchObject({ status: 'retry', inDoubt });
      expect(said(await files.write(fileOf(people(5)), freely))).toBe('complete');
      expect(names()).toEqual([`out/people/${name}`]);
    },
  );

  test('a file whose last answer was lost may be there, and is written again over itself', async () => {
    server.misbehave('cut_after', 'RENAME');
    const files = await filesOf();
    expect(await files.write(fileOf(people(5)), freely)).toMatchObject({
      status: 'retry',
      code: 'no_answer',
      inDoubt: true,
    });
    expect(names()).toEqual([`out/people/${name}`]);
    expect(said(await files.write(fileOf(people(5)), freely))).toBe('complete');
    expect(names()).toEqual([`out/people/${name}`]);
  });

  test('a run that is cut lets go at once', async () => {
    const stop = new AbortController();
    server.onOperation = (operation) => {
      if (operation === 'WRITE') stop.abort('cancelled');
    };
    const files = await filesOf();
    expect(said(await files.write(fileOf(large), { ...freely, signal: stop.signal }))).toBe('retry:not_sent');
    expect(names().filter((path) => !path.endsWith('.sluice-part'))).toEqual([]);
  });
});
