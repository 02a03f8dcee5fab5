import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection, WriterLimits } from '../../kit/destination.ts';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { openApiConnection } from '../../kit/http/api-connection.ts';
import type { ApiObject } from '../../kit/http/api-object.ts';
import type { Configuration } from '../../kit/source.ts';
import { check } from './check.ts';
import { createClient } from './client.ts';
import { readConfiguration } from './configuration.ts';
import { listCustomTypes, standardTypes } from './object-type.ts';
import { associations } from './objects/associations.ts';
import { events } from './objects/events.ts';
import { listLists, listMembers } from './objects/list-members.ts';
import { records } from './objects/records.ts';

/** A use of a HubSpot account. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readConfiguration(configuration);
  const limits = (): WriterLimits => ({
    batchRowsMax: 500,
    concurrency: 4,
    requests: [{ count: settings().pace, perMs: 10_000 }],
  });
  const all = async (client: ApiClient): Promise<ApiObject[]> => {
    const types = [...standardTypes, ...(await listCustomTypes(client))];
    const lists = await listLists(client);
    return [
      ...types.map((type) => records(type, limits())),
      associations(types, limits()),
      events(limits()),
      ...lists.map((list) => listMembers(list, limits())),
    ];
  };
  return openApiConnection({
    vendor: 'HubSpot',
    client: () => createClient(settings(), context),
    check: (client) => check(settings, client, context),
    objects: all,
    objectOf(id) {
      const type = standardTypes.find((standard) => standard.id === id);
      if (type) return records(type, limits());
      if (id === 'events') return events(limits());
      return null;
    },
    shapeOf: (id) => (id === 'associations' ? associations(standardTypes, limits()) : null),
  });
}
