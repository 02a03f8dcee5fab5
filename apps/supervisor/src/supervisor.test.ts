import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { manageProcess } from './child-process.ts';
import { lockDataDirectory } from './data-directory-lock.ts';
import { assertPortFree } from './free-port.ts';
import { readLocalKeys } from './local-keys.ts';

const directory = () => mkdtemp(join(tmpdir(), 'sluice-supervisor-'));

it('keeps a second instance off the data directory, and says who has it', async () => {
  const path = await directory();
  const lock = await lockDataDirectory(path);
  await expect(lockDataDirectory(path)).rejects.toThrow(
    `already running on ${path} (process ${process.pid})`,
  );
  await lock.release();
  await (await lockDataDirectory(path)).release();
});

it('takes over the lock of a process that is gone, even when its number was given to another', async () => {
  const path = await directory();
  await writeFile(join(path, 'sluice.pid'), '4194303 12345');
  await (await lockDataDirectory(path)).release();
  await writeFile(join(path, 'sluice.pid'), `${process.pid} 1`);
  await (await lockDataDirectory(path)).release();
});

it('names a taken port and the way out', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  await expect(assertPortFree(port)).rejects.toThrow(
    `Port ${port} is taken by another program.\n  Start with another one: PORT=`,
  );
  await new Promise((resolve) => server.close(resolve));
  await assertPortFree(port);
});

it('makes keys once, and keeps them from others', async () => {
  const path = await directory();
  const keys = await readLocalKeys(path);
  expect(await readLocalKeys(path)).toEqual(keys);
  expect(Buffer.from(keys.encryptionKeys.split(':')[1] ?? '', 'base64')).toHaveLength(32);
});

it('starts a process again when it ends by itself, and not after it was stopped', async () => {
  const path = await directory();
  const marks = join(path, 'starts');
  let crashes = 0;
  const crashed = Promise.withResolvers<void>();
  const script = `require('fs').appendFileSync(${JSON.stringify(marks)}, 'x'); if (require('fs').readFileSync(${JSON.stringify(marks)}).length < 2) process.exit(3); setInterval(() => {}, 1000); process.send('up')`;
  const managed = manageProcess({
    name: 'test',
    command: process.execPath,
    args: ['-e', script],
    cwd: path,
    env: { NODE_ENV: 'test' },
    logFile: join(path, 'log'),
    onCrash: (_, detail) => {
      crashes += 1;
      expect(detail).toContain('code 3');
      crashed.resolve();
    },
  });
  await crashed.promise;
  await expect.poll(() => readFile(marks, 'utf8'), { timeout: 15_000 }).toBe('xx');
  await managed.stop(5_000);
  expect([await readFile(marks, 'utf8'), crashes]).toEqual(['xx', 1]);
});
