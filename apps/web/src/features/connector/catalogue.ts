import type { ConnectorView } from '@sluice/domain/connector';

/** Headings of the catalogue, in the order they are shown; an unknown category comes last under its own name. */
const categories: Record<string, string> = {
  sample: 'Try it out',
  warehouse: 'Warehouses',
  database: 'Databases',
  crm: 'CRM',
  marketing: 'Marketing',
  support: 'Support',
  file: 'Files',
  toolkit: 'Toolkit',
};

export interface CatalogueGroup {
  title: string;
  connectors: ConnectorView[];
}

/** The connectors that match a search, grouped by category. */
export function catalogueGroups(connectors: readonly ConnectorView[], search: string): CatalogueGroup[] {
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = connectors.filter((connector) => {
    const text =
      `${connector.name} ${connector.slug} ${connector.category} ${connector.description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const order = Object.keys(categories);
  const rank = (category: string) => (order.includes(category) ? order.indexOf(category) : order.length);
  const names = [...new Set(found.map(({ category }) => category))].sort((a, b) => rank(a) - rank(b));
  return names.map((category) => ({
    title: categories[category] ?? `${category.charAt(0).toUpperCase()}${category.slice(1)}`,
    connectors: found.filter((connector) => connector.category === category),
  }));
}
