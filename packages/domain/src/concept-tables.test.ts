import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { conceptTables } from './concept-tables.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/concepts.md'), 'utf8');

it.each(Object.entries(conceptTables()))('the page about concepts has the table of %s', (name, table) => {
  const between = new RegExp(`<!-- ${name} -->\\n+([\\s\\S]*?)\\n+<!-- /${name} -->`).exec(page);
  expect(between?.[1]).toBe(table);
});
