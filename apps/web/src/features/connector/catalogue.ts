import { type ConnectorCategory, type ConnectorView, connectorCategories } from '@sluice/domain/connector';

export interface CatalogueGroup {
  category: ConnectorCategory;
  title: string;
  connectors: ConnectorView[];
}

/** The connectors that match a search, grouped by category. */
export function catalogueGroups(connectors: readonly ConnectorView[], search: string): CatalogueGroup[] {
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = connectors.filter((connector) => {
    const text =
      `${connector.name} ${connector.slug} ${connectorCategories[connector.category]} ${connector.description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return (Object.keys(connectorCategories) as ConnectorCategory[])
    .map((category) => ({
      category,
      title: connectorCategories[category],
      connectors: found.filter((connector) => connector.category === category),
    }))
    .filter((group) => group.connectors.length > 0);
}
