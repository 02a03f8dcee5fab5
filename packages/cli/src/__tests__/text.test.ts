import { expect, test } from 'vitest';
import { csvLine } from '../csv-line.ts';
import { escapeReferences, fillReferences, referencesIn, unsetIn } from '../files/environment-reference.ts';
import { plainText } from '../plain-text.ts';
import { changesBetween } from '../plan/field-change.ts';
import { readDuration } from '../run/read-duration.ts';
import { bar } from '../run/run-progress.ts';
import { table } from '../table.ts';

test('references are filled, escaped ones stay, and what was escaped reads as itself', () => {
  const environment = { A: 'x$&', EMPTY: '' };
  expect(fillReferences(`a \${A} $\${A} \${A}`, environment)).toBe(`a x$& \${A} x$&`);
  expect(referencesIn(`$\${A} \${B}`)).toEqual(['B']);
  expect(unsetIn(`\${A}\${EMPTY}\${NONE}`, environment)).toEqual(['EMPTY', 'NONE']);
  for (const text of [`\${A}`, `$\${A}`, '$', `$$$\${`, 'plain']) {
    expect(fillReferences(escapeReferences(text), {})).toBe(text);
  }
});

test('cells of CSV are quoted, and formulas are made harmless', () => {
  expect(csvLine(['a', 'b,c', 'd"e', 'f\ng', '=1+1', null])).toBe(`a,"b,c","d""e","f\ng",'=1+1,`);
});

test('text from elsewhere cannot steer the terminal', () => {
  expect(plainText('a\u001b[2Jb\u0007c\r\nd')).toBe('a\ufffd[2Jb\ufffdc d');
  expect(table(['A', 'B'], [['x\u001b', null]])).toEqual(['A   B', 'x\ufffd  –']);
});

test('times are read, and anything else is refused', () => {
  expect(['90', '90s', '1.5m', '2h'].map(readDuration)).toEqual([90_000, 90_000, 90_000, 7_200_000]);
  for (const typed of ['', 'x', '1d', '-1']) expect(() => readDuration(typed)).toThrow('is not a time');
});

test('a bar is as wide as it should be, whatever the ratio', () => {
  expect([-1, 0, 0.5, 1, 2].map((ratio) => bar(ratio, 4))).toEqual([
    '[----]',
    '[----]',
    '[##--]',
    '[####]',
    '[####]',
  ]);
});

test('mappings are compared by their target, other lists as a whole', () => {
  const mapping = (to: string, from: string) => ({ to, from });
  const before = { mappings: [mapping('a', 'x'), mapping('b', 'y')], list: [1, 2] };
  expect(changesBetween(before, { ...before, mappings: [mapping('b', 'z'), mapping('a', 'x')] })).toEqual([
    { path: 'mappings[b].from', before: 'y', after: 'z' },
  ]);
  expect(changesBetween(before, { ...before, mappings: before.mappings.toReversed() })).toMatchObject([
    { path: 'mappings (order)' },
  ]);
  expect(changesBetween(before, { ...before, list: [2] })).toEqual([
    { path: 'list', before: [1, 2], after: [2] },
  ]);
});
