import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceDefinitions } from './registry.ts';
import { sourcePage } from './source-page.ts';

test('the page of all sources says what the definitions say', () => {
  const page = join(import.meta.dirname, '../../../docs/sources/README.md');
  expect(readFileSync(page, 'utf8'), 'run npm run docs:connectors').toBe(
    sourcePage(Object.values(sourceDefinitions)),
  );
});
