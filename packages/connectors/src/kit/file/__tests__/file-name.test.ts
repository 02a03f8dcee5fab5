import { SyncConfiguration } from '@sluice/domain/sync';
import { expect, test } from 'vitest';
import { fileName } from '../file-name.ts';
import { findFileProblems, readFileSettings } from '../file-settings.ts';

const variables = {
  'run-id': 42,
  'sync-id': 3,
  'sync-slug': 'customers',
  'model-id': 5,
  'model-name': '../Customers/EU',
  'run-started-at': '2026-11-22T07:08:09.010Z',
};
const syncOf = (options: Record<string, unknown>, mode: 'all' | 'diff' = 'all') =>
  SyncConfiguration.parse({
    object: 'file',
    mode,
    mappings: [{ type: 'column', from: 'id', to: 'id' }],
    options,
  });
const named = (
  options: Record<string, unknown>,
  { severalClasses = false, part = { number: 1, of: 1 }, given = variables as Record<string, unknown> } = {},
) =>
  fileName(
    readFileSettings(syncOf(options)),
    { class: 'added', part },
    { variables: given as typeof variables, severalClasses },
  );

test('a file is named after run and time, with the extension of its format', () => {
  expect(named({})).toBe('customers/2026-11-22T070809-42.csv');
  expect(named({ format: 'ndjson', compression: 'gzip', fileName: '{YY}/{x}-{X}-{ms}' })).toBe(
    '26/1795331289010-1795331289-010.ndjson.gz',
  );
  expect(named({ format: 'parquet', compression: 'zstd', fileName: 'a/{sync.run.id}.parquet' })).toBe(
    'a/42.parquet',
  );
  expect(named({ fileName: '{DD}{HH}', timeOffsetSeconds: 17 * 3600 })).toBe('2300.csv');
});

test('no file of a run takes the place of another one', () => {
  const third = { number: 3, of: 12 };
  expect(named({ fileName: 'x' }, { severalClasses: true, part: third })).toBe('x-added-part-03.csv');
  expect(named({ fileName: '{part}/{class}' }, { severalClasses: true, part: third })).toBe('03/added.csv');
});

test('a row that is tried never takes the place of a file', () => {
  expect(named({ fileName: 'latest.csv' }, { given: { ...variables, 'run-id': null } })).toBe(
    'latest-test.csv',
  );
  expect(named({ fileName: '{run.id}' }, { given: {} })).toBe('test.csv');
});

test('a name of a model is no way out of the folder', () => {
  expect(named({ fileName: 'out/{model.name}' })).toBe('out/--Customers-EU.csv');
});

test.each([
  [{ fileName: '{nope}/{YYYY}' }, { 'options.fileName': 'There is no {nope}.' }],
  [{ fileName: '../x' }, { 'options.fileName': expect.stringContaining('Write folders') }],
  [{ fileName: '/x' }, { 'options.fileName': expect.stringContaining('Write folders') }],
  [{ rowsMax: 0.5 }, { 'options.rowsMax': expect.stringContaining('whole number') }],
  [{ operationColumn: 'id' }, { 'options.operationColumn': expect.stringContaining('mapped') }],
  [{ fileName: 'a.b/{class}' }, {}],
])('%j is %j', (options, problems) => {
  expect(findFileProblems(syncOf(options, 'diff'))).toEqual(problems);
});

test('a column of the model is not taken for what happened to a row', () => {
  const all = { ...syncOf({ allColumns: true }, 'diff'), mappings: [] };
  expect(findFileProblems(all, ['id', '_operation'])).toHaveProperty(['options.operationColumn']);
  expect(findFileProblems(all, ['id', 'name'])).toEqual({});
});
