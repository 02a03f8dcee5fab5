import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { destinationPage } from './destination-page.ts';
import { destinationDefinitions } from './registry.ts';

test('the page of all destinations says what the definitions say', () => {
  const page = join(import.meta.dirname, '../../../docs/destinations/README.md');
  expect(readFileSync(page, 'utf8'), 'run npm run docs:connectors').toBe(
    destinationPage(Object.values(destinationDefinitions)),
  );
});

test('every destination says what it writes, once for each object', () => {
  for (const { slug, writes, testedAgainst } of Object.values(destinationDefinitions)) {
    expect(writes.length, slug).toBeGreaterThan(0);
    expect(new Set(writes.map(({ object }) => object)).size, slug).toBe(writes.length);
    expect(testedAgainst.length, slug).toBeGreaterThan(10);
    for (const { modes, batch } of writes) {
      expect(modes.length, slug).toBeGreaterThan(0);
      expect(batch.rows, slug).toBeGreaterThan(0);
    }
  }
});
