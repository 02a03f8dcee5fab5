import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection } from '../../kit/destination.ts';
import { openApiConnection } from '../../kit/http/api-connection.ts';
import type { Configuration } from '../../kit/source.ts';
import { listAudiences } from './audience.ts';
import { check } from './check.ts';
import { createClient } from './client.ts';
import { readConfiguration } from './configuration.ts';
import { members } from './objects/members.ts';

/** A use of the audiences of an ad account. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readConfiguration(configuration);
  const byName = members(null, settings);
  return openApiConnection({
    vendor: 'Meta',
    client: () => createClient(settings(), context),
    check: (client) => check(settings, client, context),
    objects: async (client) => [
      ...(await listAudiences(client, settings())).map((audience) => members(audience, settings)),
      byName,
    ],
    objectOf: (id) => (id === byName.id ? byName : null),
    shapeOf: (id) => (/^\d+$/.test(id) ? members({ id, name: id }, settings) : null),
  });
}
