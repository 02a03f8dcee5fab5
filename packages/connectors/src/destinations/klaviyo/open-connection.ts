import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection } from '../../kit/destination.ts';
import { openApiConnection } from '../../kit/http/api-connection.ts';
import type { Configuration } from '../../kit/source.ts';
import { check } from './check.ts';
import { createClient } from './client.ts';
import { readConfiguration } from './configuration.ts';
import { events } from './objects/events.ts';
import { listLists, listMembers } from './objects/list-members.ts';
import { profiles } from './objects/profiles.ts';

/** A use of a Klaviyo account. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readConfiguration(configuration);
  const fixed = [profiles, events];
  return openApiConnection({
    vendor: 'Klaviyo',
    client: () => createClient(settings(), context),
    check: (client) => check(settings, client, context),
    objects: async (client) => [...fixed, ...(await listLists(client)).map(listMembers)],
    objectOf: (id) => fixed.find((object) => object.id === id) ?? null,
  });
}
