import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection } from '../../kit/destination.ts';
import { openApiConnection } from '../../kit/http/api-connection.ts';
import type { Configuration } from '../../kit/source.ts';
import { check } from './check.ts';
import { createClient } from './client.ts';
import { readConfiguration } from './configuration.ts';
import { objects } from './objects.ts';

/** A use of a RudderStack source. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readConfiguration(configuration);
  return openApiConnection({
    vendor: 'RudderStack',
    client: () => createClient(settings(), context),
    check: (client) => check(settings, client, context),
    objects: () => Promise.resolve(objects),
    objectOf: (id) => objects.find((object) => object.id === id) ?? null,
  });
}
