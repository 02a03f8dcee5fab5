import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection } from '../../kit/destination.ts';
import { openApiConnection } from '../../kit/http/api-connection.ts';
import type { Configuration } from '../../kit/source.ts';
import { check } from './check.ts';
import { createClient } from './client.ts';
import { readConfiguration } from './configuration.ts';
import { events } from './objects/events.ts';
import { customObjects } from './objects/objects.ts';
import { people } from './objects/people.ts';
import { relationships } from './objects/relationships.ts';
import { segmentMembers } from './objects/segment-members.ts';

const objects = [people, events, segmentMembers, customObjects, relationships];

/** A use of a Customer.io workspace. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readConfiguration(configuration);
  return openApiConnection({
    vendor: 'Customer.io',
    client: () => createClient(settings(), context),
    check: (client) => check(settings, client, context),
    objects: () => Promise.resolve(objects),
    objectOf: (id) => objects.find((object) => object.id === id) ?? null,
  });
}
