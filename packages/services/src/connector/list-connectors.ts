import type { DestinationDefinition } from '@sluice/connectors/kit/destination';
import type { SourceDefinition } from '@sluice/connectors/kit/source';
import { destinationDefinitions, sourceDefinitions } from '@sluice/connectors/registry';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { ConnectorView } from '@sluice/domain/connector';
import type { ServiceContext } from '../context.ts';
import { findClient } from '../oauth/oauth-client.ts';

type Settings = Pick<ServiceContext, 'settings'>;

/** Every kind of source that can be connected, by name. */
export function listSourceConnectors(ctx: Settings, actor: Actor): ConnectorView[] {
  authorise(actor, 'catalog.read');
  return Object.values(sourceDefinitions)
    .map((definition) => connectorView(ctx, definition))
    .sort(byName);
}

/** Every kind of destination that can be connected, by name. */
export function listDestinationConnectors(ctx: Settings, actor: Actor): ConnectorView[] {
  authorise(actor, 'catalog.read');
  return Object.values(destinationDefinitions)
    .map((definition) => ({ ...connectorView(ctx, definition), ...caveats(definition) }))
    .sort(byName);
}

function connectorView(ctx: Settings, definition: SourceDefinition | DestinationDefinition): ConnectorView {
  const { slug, name, category, description, docsUrl, icon, fields, oauth } = definition;
  const configured = oauth !== undefined && findClient(ctx, oauth) !== null;
  return {
    slug,
    name,
    category,
    description,
    docsUrl,
    icon,
    fields,
    ...(oauth && { oauth: { name: oauth.name, configured } }),
  };
}

const caveats = ({ cannotTellRepeat, countsOnly }: DestinationDefinition): Partial<ConnectorView> => ({
  ...(cannotTellRepeat && { cannotTellRepeat: true }),
  ...(countsOnly !== undefined && { countsOnly }),
});

const byName = (a: ConnectorView, b: ConnectorView): number => a.name.localeCompare(b.name, 'en');
