import type { ConnectorView } from '@sluice/domain/connector';
import { expect, test } from 'vitest';
import { catalogueGroups } from './catalogue.ts';

const connector = (slug: string, category: string): ConnectorView => ({
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
  connector('odd', 'novel'),
];

test('groups come in the order of the catalogue, unknown ones last', () => {
  expect(catalogueGroups(connectors, '').map(({ title }) => title)).toEqual([
    'Try it out',
    'Databases',
    'Novel',
  ]);
});

test('a search looks into name, category and description', () => {
  expect(catalogueGroups(connectors, 'rows POSTGRES').map(({ title }) => title)).toEqual(['Databases']);
  expect(catalogueGroups(connectors, 'nothing')).toEqual([]);
});
