import type { Row } from '@sluice/domain/column';
import type { SyncModeId } from '@sluice/domain/sync-mode';
import { until } from '@sluice/testing/until';
import {
  bookId,
  sheetsKeyFile,
  startGoogleSheets,
} from '@sluice/testing/vendors/google-sheets/start-google-sheets';
import { describe, expect, it } from 'vitest';
import { type DestinationRecord, NotAdmitted } from '../../../kit/destination.ts';
import type { FileBatch } from '../../../kit/file-batch.ts';
import { configurationOf, deliverOnce, freely, recordsOf } from '../../__tests__/destination-context.ts';
import { useVendor } from '../../__tests__/use-vendor.ts';
import { googleSheetsDestination } from '../definition.ts';

const world = useVendor(googleSheetsDestination, startGoogleSheets, (url) => ({
  access: 'key',
  serviceAccountKey: sheetsKeyFile(url),
  baseUrl: url,
}));
const mapped = (...names: string[]) =>
  names.map((name) => ({ type: 'column' as const, from: name, to: name }));
const table = (mode: SyncModeId, sheetId = 7, fields = ['name']) => ({
  object: `${bookId}/${sheetId}`,
  mode,
  matchKey: mode === 'insert' || mode === 'all' ? null : { from: 'id', to: 'id' },
  mappings: mapped(...fields),
});
const book = () => {
  const found = world.vendor.state.books.get(bookId);
  if (!found) throw new Error('no spreadsheet');
  return found;
};
/** Rows that hold something, as people see them. */
const shown = (sheetId = 7) =>
  (book().sheets.find((sheet) => sheet.sheetId === sheetId)?.cells ?? [])
    .map((row) => Array.from(row ?? [], (cell) => cell ?? ''))
    .map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1))
    .filter((row) => row.length > 0);
const changes = () => world.vendor.requests.filter(({ path }) => path.endsWith(':batchUpdate')).length;

describe('rows', () => {
  it('are found by their key and changed in place; new ones come after the last; other columns stay', async () => {
    const writer = await world.writerOf(table('upsert'));
    const rows = [
      { match: 'b', fields: { name: 'Bobby' } },
      { match: 'c', fields: { name: 'Cy' } },
      { match: 'd', fields: { name: null } },
    ];
    expect((await deliverOnce(writer, recordsOf('upsert', rows))).outcomes).toEqual([
      'delivered',
      'delivered',
      'delivered',
    ]);
    expect(shown()).toEqual([
      ['Note', 'id', 'name', 'Total'],
      ['call', 'a', 'Ada', '=SUM(1)'],
      ['wait', 'b', 'Bobby', 2],
      ['', 'c', 'Cy'],
      ['', 'd'],
    ]);
    // All of it in one request, which is carried out whole or not at all.
    expect(changes()).toBe(1);
  });

  it('are deleted from the bottom up, or their mapped cells are emptied', async () => {
    const writer = await world.writerOf(table('mirror'));
    await deliverOnce(
      writer,
      recordsOf(
        'upsert',
        ['c', 'd', 'e'].map((match) => ({ match, fields: { name: match } })),
      ),
    );
    const gone = ['a', 'd', 'c', 'nobody'].map((match) => ({ match }));
    const { outcomes } = await deliverOnce(writer, recordsOf('delete', gone));
    expect(new Set(outcomes)).toEqual(new Set(['delivered']));
    expect(shown().map(([, id]) => id)).toEqual(['id', 'b', 'e']);
    const clearing = await world.writerOf({ ...table('upsert'), deleteBehaviour: 'clear' });
    await deliverOnce(clearing, recordsOf('clear', [{ match: 'b' }]));
    expect(shown()[1]).toEqual(['wait', 'b', '', 2]);
  });

  it('that are not there are not made by an update; those that share a key are refused', async () => {
    const writer = await world.writerOf(table('update'));
    book().sheets[1]?.cells.push(['', 'a', 'Another']);
    const rows = ['a', 'b', 'z'].map((match) => ({ match, fields: { name: 'New' } }));
    const { outcomes, results } = await deliverOnce(writer, recordsOf('update', rows));
    expect(outcomes).toEqual(['rejected:match_ambiguous', 'delivered', 'rejected:record_not_found']);
    expect(results[0]).toMatchObject({ message: 'Rows 2, 4 of the sheet all have id "a".' });
  });

  it('follow their columns when a person moves them; a key that is renamed away is said', async () => {
    const writer = await world.writerOf(table('upsert'));
    const change = (name: string) =>
      deliverOnce(writer, recordsOf('upsert', [{ match: 'a', fields: { name } }]));
    await change('Augusta');
    const sheet = book().sheets[1];
    if (!sheet) throw new Error('no sheet');
    sheet.cells = sheet.cells.map((row) => [row?.[1], row?.[0], row?.[2], row?.[3]]);
    await change('Ada again');
    expect(shown()[1]).toEqual(['a', 'call', 'Ada again', '=SUM(1)']);
    book().sheets[1]?.cells[0]?.splice(0, 1, 'number');
    await expect(change('x')).rejects.toMatchObject({
      code: 'destination_failed',
      message: expect.stringContaining('has no "id"'),
    });
  });

  it('of an empty sheet get their headers first, further right than the sheet is wide', async () => {
    const fields = Array.from({ length: 30 }, (_, index) => `f${index}`);
    const writer = await world.writerOf(table('upsert', 0, fields));
    await deliverOnce(writer, recordsOf('upsert', [{ match: 7, fields: { f0: true, f29: 1.5 } }]));
    expect(shown(0)[0]).toEqual(['id', ...fields]);
    expect(shown(0)[1]?.slice(0, 2)).toEqual([7, true]);
    expect(shown(0)[1]?.[30]).toBe(1.5);
    // Numbers in the sheet and text in the model are the same key.
    await deliverOnce(writer, recordsOf('upsert', [{ match: '7', fields: { f0: false } }]));
    expect(shown(0)).toHaveLength(2);
    expect(shown(0)[1]?.[30]).toBe(1.5);
  });

  it('hold what they were given: nothing is run, no digit is lost', async () => {
    const odd: Row = {
      formula: '=IMPORTXML("http://evil")',
      plus: '+1',
      zeros: '0042',
      big: 9007199254740993n,
      decimal: '12.50',
      json: { a: 1 },
      long: '1234567890123456.5',
    };
    const sync = table('insert', 0, Object.keys(odd));
    await deliverOnce(await world.writerOf(sync), recordsOf('create', [{ fields: odd }]));
    await deliverOnce(
      await world.writerOf({ ...sync, options: { numbers: true } }),
      recordsOf('create', [{ fields: odd }]),
    );
    const kept = ['=IMPORTXML("http://evil")', '+1', '0042', '9007199254740993'];
    expect(shown(0).slice(1)).toEqual([
      [...kept, '12.50', '{"a":1}', '1234567890123456.5'],
      [...kept, 12.5, '{"a":1}', '1234567890123456.5'],
    ]);
    expect(world.vendor.requests.some(({ body }) => body.includes('formulaValue'))).toBe(false);
  });

  it('are appended as they come', async () => {
    const writer = await world.writerOf(table('insert', 7, ['id', 'name']));
    await deliverOnce(writer, recordsOf('create', [{ fields: { id: 'a', name: 'Ada' } }]));
    expect(shown().at(-1)).toEqual(['', 'a', 'Ada']);
  });

  it('of a spreadsheet that is full stop the run with the reason', async () => {
    world.vendor.state.cellsMax = 26_050;
    const writer = await world.writerOf(table('upsert'));
    const rows = Array.from({ length: 20 }, (_, index) => ({ match: `n${index}`, fields: { name: 'x' } }));
    await expect(deliverOnce(writer, recordsOf('upsert', rows))).rejects.toMatchObject({
      code: 'destination_failed',
      message: expect.stringContaining('10 million cells'),
    });
  });
});

describe('a sheet that is written anew', () => {
  const sync = table('all', 7, ['id', 'name']);
  const file = (rows: Row[], then?: () => void): FileBatch => ({
    class: 'added',
    part: { number: 1, of: 1 },
    columns: [],
    async *rows() {
      const records: DestinationRecord[] = recordsOf(
        'create',
        rows.map((fields) => ({ fields })),
      );
      for (const record of records) yield [record];
      then?.();
    },
  });
  const files = async () => {
    const { files: life } = await world.writerOf(sync);
    if (!life) throw new Error('no file life');
    return life;
  };
  const people = (count: number): Row[] =>
    Array.from({ length: count }, (_, index) => ({ id: `n${index}`, name: `Name ${index}` }));

  it('holds the model and nothing else in our columns; a person’s columns and formulas stay', async () => {
    const result = await (await files()).write(file(people(15)), freely);
    expect(result).toMatchObject({ status: 'complete', rejected: [] });
    expect(shown()[0]).toEqual(['Note', 'id', 'name', 'Total']);
    expect(shown()[1]).toEqual(['call', 'n0', 'Name 0', '=SUM(1)']);
    expect(shown()).toHaveLength(16);
    await (await files()).write(file(people(1)), freely);
    expect(shown()).toEqual([
      ['Note', 'id', 'name', 'Total'],
      ['call', 'n0', 'Name 0', '=SUM(1)'],
      ['wait', '', '', 2],
    ]);
    await (await files()).write(file([]), freely);
    expect(shown()[1]).toEqual(['call', '', '', '=SUM(1)']);
    expect(book().sheets).toHaveLength(2);
    expect(world.connect().writesEmptyFiles?.(configurationOf(sync))).toBe(true);
  });

  it('is written without the rows that have no place in it', async () => {
    const rows = [...people(2), { id: 'long', name: 'x'.repeat(50_001) }];
    const result = await (await files()).write(file(rows), freely);
    expect(result).toMatchObject({ status: 'complete', rejected: [{ code: 'cell_too_long' }] });
    expect(shown().map(([, id]) => id)).toEqual(['id', 'n0', 'n1']);
  });

  it('is never half there: whatever breaks before the last request leaves what was, and no draft', async () => {
    const life = await files();
    const before = shown();
    const broken = file(people(3), () => world.vendor.misbehave('unavailable'));
    expect(await life.write(broken, freely)).toMatchObject({ status: 'retry' });
    expect(shown()).toEqual(before);
    expect(book().sheets).toHaveLength(2);
    const lost = file(people(3), () => world.vendor.misbehave('reset'));
    expect(await life.write(lost, freely)).toMatchObject({ status: 'retry' });
    expect(shown()).toEqual(before);
    // The draft of a worker that died in the middle is taken away by the next one.
    book().sheets.push({
      sheetId: 99,
      title: 'Sluice is writing (sync 7)',
      hidden: true,
      rows: 1,
      columns: 1,
      cells: [],
    });
    expect(await life.write(file(people(3)), freely)).toMatchObject({ status: 'complete' });
    expect(book().sheets).toHaveLength(2);
  });

  it('ends quickly when the run is stopped, with what was', async () => {
    const life = await files();
    const before = shown();
    let asked = 0;
    const admit = async () => {
      asked += 1;
      if (asked > 2) throw new NotAdmitted();
    };
    const result = await life.write(file(people(3)), { ...freely, admit });
    expect(result).toMatchObject({ status: 'retry', code: 'not_sent' });
    expect(shown()).toEqual(before);
    const abort = new AbortController();
    world.vendor.misbehave('silent');
    const waiting = life.write(file(people(3)), { ...freely, signal: abort.signal });
    const sent = changes();
    await until('a request', () => changes() > sent);
    abort.abort();
    expect(['retry', 'uncertain']).toContain((await waiting).status);
    expect(shown()).toEqual(before);
  });
});

describe('sheets', () => {
  it('of all spreadsheets are offered, or of the one that was named', async () => {
    const labels = async (spreadsheet?: string) => {
      const configuration = {
        access: 'key',
        serviceAccountKey: sheetsKeyFile(world.vendor.url),
        baseUrl: world.vendor.url,
        spreadsheet,
      };
      const objects = await googleSheetsDestination.open(configuration, world.context).listObjects();
      return objects.map(({ label }) => label);
    };
    await expect(labels()).resolves.toEqual(['Customers: Sheet1', "Customers: People's", 'Other: One']);
    await expect(labels(`https://docs.google.com/spreadsheets/d/${bookId}/edit#gid=7`)).resolves.toHaveLength(
      2,
    );
    await expect(labels('1NobodyHasThisOne0')).rejects.toMatchObject({ code: 'destination_object_missing' });
  });

  it('have the columns of their first row, and take others', async () => {
    const detail = await world.connect().describeObject(`${bookId}/7`);
    expect(detail.fields.map(({ name }) => name)).toEqual(['Note', 'id', 'name', 'Total']);
    expect(detail.openFields).toBe(true);
    await expect(world.connect().describeObject(`${bookId}/8`)).rejects.toMatchObject({
      code: 'destination_object_missing',
    });
    await expect(world.writerOf(table('upsert', 8))).rejects.toMatchObject({
      code: 'destination_object_missing',
    });
  });

  it('are signed in to once an hour, and a key that is none is not quoted', async () => {
    const writer = await world.writerOf(table('upsert'));
    for (const name of ['x', 'y'])
      await deliverOnce(writer, recordsOf('upsert', [{ match: 'a', fields: { name } }]));
    expect(world.vendor.state.tokens).toBe(1);
    const wrong = { access: 'key', serviceAccountKey: '{"private_key":"my secret words"}' };
    expect(() => googleSheetsDestination.assertConfiguration?.(wrong)).toThrow(/Paste the whole JSON file/);
    try {
      googleSheetsDestination.assertConfiguration?.(wrong);
    } catch (thrown) {
      expect(JSON.stringify(thrown)).not.toContain('secret words');
    }
  });
});
