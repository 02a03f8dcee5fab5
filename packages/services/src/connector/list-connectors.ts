import { destinationDefinitions, sourceDefinitions } from '@sluice/connectors/registry';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { ConnectorView } from '@sluice/domain/connector';

/** Every kind of source that can be connected, by name. */
export function listSourceConnectors(actor: Actor): ConnectorView[] {
  authorise(actor, 'catalog.read');
  return Object.values(sourceDefinitions).map(connectorView).sort(byName);
}

/** Every kind of destination that can be connected, by name. */
export function listDestinationConnectors(actor: Actor): ConnectorView[] {
  authorise(actor, 'catalog.read');
  return Object.values(destinationDefinitions).map(connectorView).sort(byName);
}

const connectorView = (definition: ConnectorView): ConnectorView => ({
  slug: definition.slug,
  name: definition.name,
  category: definition.category,
  description: definition.description,
  docsUrl: definition.docsUrl,
  icon: definition.icon,
  fields: definition.fields,
});

const byName = (a: ConnectorView, b: ConnectorView): number => a.name.localeCompare(b.name, 'en');
