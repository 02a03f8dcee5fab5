import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readSettings, ServiceEnvironment } from '@sluice/services/settings';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
/** Every file that reads settings; a lint rule keeps `process.env` out of all others. */
const readers = [
  '{apps,packages}/*/src/env.ts',
  'packages/services/src/settings.ts',
  'apps/supervisor/src/set-up-database.ts',
];

/** What the client of S3 reads by itself. */
const readByClients = ['AWS_ACCESS_KEY_ID', 'AWS_REGION'];

it('lists in .env.example exactly the settings that the code reads', () => {
  const code = globSync(readers, { cwd: root }).map((path) => readFileSync(resolve(root, path), 'utf8'));
  const read = new Set(
    code.flatMap((text) => [...text.matchAll(/^\s+([A-Z][A-Z0-9_]{2,}): /gm)].map((match) => match[1])),
  );
  const example = readFileSync(resolve(root, '.env.example'), 'utf8');
  const listed = new Set([...example.matchAll(/^([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]));
  expect([...listed].sort()).toEqual([...read, ...readByClients].sort());
});

it('shows the defaults that hold when a line is left out', () => {
  const example = readFileSync(resolve(root, '.env.example'), 'utf8');
  const shown = Object.fromEntries(
    [...example.matchAll(/^([A-Z][A-Z0-9_]+)=(.+)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  expect(shown).toHaveProperty('LEASE_MS');
  const needed = { DATABASE_URL: 'postgresql://localhost/sluice' };
  expect(readSettings(ServiceEnvironment, { ...needed, ...shown })).toEqual(
    readSettings(ServiceEnvironment, needed),
  );
});

const listedNames = () =>
  [...readFileSync(resolve(root, '.env.example'), 'utf8').matchAll(/^([A-Z][A-Z0-9_]+)=/gm)].map(
    ([, name = '']) => name,
  );

it('explains every setting to who hosts it', () => {
  const page = readFileSync(resolve(root, 'docs/self-hosting.md'), 'utf8');
  expect(listedNames().filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

it('hands every setting through docker-compose.yml, but those of a single machine', () => {
  const compose = readFileSync(resolve(root, 'docker-compose.yml'), 'utf8');
  const own = ['DEMO', 'WORKER_HEALTH_PORT'];
  const given = new Set([
    ...[...compose.matchAll(/^\s+([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name),
    ...[...compose.matchAll(/\$\{([A-Z][A-Z0-9_]+)/g)].map(([, name]) => name),
  ]);
  expect(listedNames().filter((name) => !given.has(name))).toEqual(own);
});
