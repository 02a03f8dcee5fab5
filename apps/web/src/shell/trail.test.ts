import { expect, test } from 'vitest';
import { workspacePaths } from '#paths.ts';
import { sectionOf } from './navigation.tsx';
import { themeOf } from './theme.ts';
import { trailOf } from './trail.ts';

const paths = workspacePaths('acme');
const labels = (pathname: string) => trailOf(pathname, paths).map((crumb) => crumb.label);

test.each([
  ['/acme', []],
  ['/acme/models', []],
  ['/acme/settings/members', []],
  ['/acme/models/3', ['Models']],
  ['/acme/runs/3/rows', ['Runs']],
  ['/acme/sequences/0b5e', ['Sequences']],
  ['/acme/sources/new', ['Sources']],
  ['/acme/sources/new/postgresql', ['Sources', 'New']],
])('the way back from %s is %j', (pathname, trail) => {
  expect(labels(pathname)).toEqual(trail);
});

test('each path belongs to one section of the navigation', () => {
  expect(['/acme', '/acme/syncs/new', '/acme/settings/tokens'].map(sectionOf)).toEqual([
    'start',
    'syncs',
    'settings',
  ]);
});

test('an unknown theme is that of the device', () => {
  expect([themeOf('dark'), themeOf('neon'), themeOf(undefined)]).toEqual(['dark', 'system', 'system']);
});
