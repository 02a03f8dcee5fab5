import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { errorPage } from './error-page.ts';

it('documents every error code (npm run docs:errors writes the page)', () => {
  expect(readFileSync(resolve(import.meta.dirname, '../../../docs/errors.md'), 'utf8')).toBe(errorPage());
});
