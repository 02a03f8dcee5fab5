import { rm, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { spoolPath } from '../../../sources/__tests__/spooled-rows.ts';
import { readCsvFile } from '../read-csv.ts';
import { openSpoolWriter } from '../spool-writer.ts';

const rows = [
  ['a', null, ''],
  ['"', 'a,b', 'line\nend\r\n'],
  ['é🙂', '""', null],
  [`${'x'.repeat(70_000)}"`, ',', '\n'],
];

test('reads back what was written, in blocks', async () => {
  const path = spoolPath();
  const writer = await openSpoolWriter(path);
  await writer.write(rows);
  await writer.finish();
  await writer.close();
  const blocks = await Array.fromAsync(readCsvFile(path, 3));
  await rm(path);
  expect(blocks.map((block) => block.length)).toEqual([3, 1]);
  expect(blocks.flat()).toEqual(rows);
});

test('reads what is quoted although it need not be', async () => {
  const path = spoolPath();
  await writeFile(path, '"a",true\n"","b"\n,\n');
  expect((await Array.fromAsync(readCsvFile(path, 10))).flat()).toEqual([
    ['a', 'true'],
    ['', 'b'],
    [null, null],
  ]);
  await rm(path);
});
