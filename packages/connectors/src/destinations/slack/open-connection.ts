import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection } from '../../kit/destination.ts';
import { openApiConnection } from '../../kit/http/api-connection.ts';
import type { Configuration } from '../../kit/source.ts';
import { check } from './check.ts';
import { createClient } from './client.ts';
import { readConfiguration } from './configuration.ts';
import { listGroups } from './objects/group-members.ts';
import { messages } from './objects/messages.ts';

/** A use of a Slack workspace. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readConfiguration(configuration);
  return openApiConnection({
    vendor: 'Slack',
    client: () => createClient(settings(), context),
    check: (client) => check(settings, client, context),
    objects: async (client) => [messages, ...(await listGroups(client))],
    objectOf: (id) => (id === messages.id ? messages : null),
  });
}
