import type { ConnectorCategory, ConnectorView } from '@sluice/domain/connector';
import { expect, test } from 'vitest';
import { catalogueGroups } from './catalogue.ts';

const connector = (slug: string, category: ConnectorCategory): ConnectorView => ({
  slug,
  name: slug.toUpperCase(),
  category,
  description: `Rows of ${slug}`,
  docsUrl: '',
  icon: '',
  fields: [],
});
const connectors = [
  connector('postgresql', 'database'),
  connector('sample', 'sample'),
  connector('chat', 'marketing'),
];

test('groups come in the order of the catalogue, empty ones left out', () => {
  expect(catalogueGroups(connectors, '').map(({ title }) => title)).toEqual([
    'Try it out',
    'Databases',
    'Marketing and messaging',
  ]);
});

test('a search looks into name, category and description', () => {
  expect(catalogueGroups(connectors, 'databases POSTGRES').map(({ title }) => title)).toEqual(['Databases']);
  expect(catalogueGroups(connectors, 'nothing')).toEqual([]);
});
