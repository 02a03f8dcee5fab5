import { existsSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { textBytes } from '../cell-bytes.ts';
import { keepPace, openSpoolBytes, SpoolBytes } from '../spool-bytes.ts';

const row = Buffer.from('x'.repeat(1_000));

test('a sender that pushes is stopped while the disk is slower, and goes on behind it', async () => {
  const path = join(tmpdir(), `sluice-spool-bytes-${process.pid}.csv`);
  const spool = await openSpoolBytes(path);
  const sender = { pause: vi.fn(), resume: vi.fn() };
  const resumed = Promise.withResolvers<void>();
  sender.resume.mockImplementation(() => resumed.resolve());
  const fail = vi.fn();
  const keep = keepPace(spool, sender, fail);
  let sent = 0;
  while (sender.pause.mock.calls.length === 0) {
    textBytes(spool, row, 0, row.length);
    spool.endRow();
    keep();
    sent += 1;
  }
  // One buffer is full: that is all that waits in memory.
  expect(sent).toBeLessThan(1_100);
  expect(sender.resume).not.toHaveBeenCalled();
  await resumed.promise;
  expect(spool.isFull).toBe(false);
  expect(await spool.finish()).toEqual({ rows: sent, bytes: sent * (row.length + 1) });
  await spool.close();
  expect(await readFile(path, 'utf8')).toBe(`${row}\n`.repeat(sent));
  expect(fail).not.toHaveBeenCalled();
  await rm(path);
});

test.runIf(existsSync('/dev/full'))('a disk that is full fails the sender that pushes', async () => {
  const spool = new SpoolBytes(await open('/dev/full', 'w'));
  const failed = Promise.withResolvers<unknown>();
  const sender = { pause: vi.fn(), resume: vi.fn() };
  const keep = keepPace(spool, sender, failed.resolve);
  while (!spool.isFull) textBytes(spool, row, 0, row.length);
  keep();
  expect(await failed.promise).toMatchObject({ code: 'storage_full' });
  expect(sender.resume).not.toHaveBeenCalled();
  await expect(spool.finish()).rejects.toMatchObject({ code: 'storage_full' });
  await spool.close();
});
