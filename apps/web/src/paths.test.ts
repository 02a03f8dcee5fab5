import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safeReturnPath, workspacePaths } from './paths.ts';

const origin = 'https://sluice.example.com';

describe('safeReturnPath', () => {
  test.each(['/acme', '/acme/runs/3?tab=rows#x', '/invite/a-b'])('goes back to %s', (path) => {
    expect(safeReturnPath(path)).toBe(path);
  });

  test.each([
    null,
    undefined,
    '',
    'acme',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '\n//evil.example',
    'javascript:alert(1)',
    '/a\\..\\..//evil.example',
  ])('%j becomes the start page', (value) => {
    expect(safeReturnPath(value)).toBe('/');
  });

  test('never leaves the site, whatever it is given', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'/\\\t\n.:@ae?#') }));
    fc.assert(
      fc.property(text, (value) => new URL(safeReturnPath(value), origin).origin === origin),
      { numRuns: 2000 },
    );
  });
});

test('every address of a workspace begins with its slug', () => {
  const { start, sources, syncs, runs, settings } = workspacePaths('acme');
  expect(start).toBe('/acme');
  expect(sources.newOf('postgresql')).toBe('/acme/sources/new/postgresql');
  expect(syncs.newFrom({ modelId: 3 })).toBe('/acme/syncs/new?model=3');
  expect(runs.rejectedCsv(7)).toBe('/api/console/runs/7/rejected.csv?workspace=acme');
  expect(settings.audit).toBe('/acme/settings/audit');
});
