import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection } from '../../kit/destination.ts';
import { openApiConnection } from '../../kit/http/api-connection.ts';
import type { Configuration } from '../../kit/source.ts';
import { check } from './check.ts';
import { createClient } from './client.ts';
import { readConfiguration } from './configuration.ts';
import { contacts } from './objects/contacts.ts';

const objects = [contacts];

/** A use of an Example CRM account. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readConfiguration(configuration);
  return openApiConnection({
    vendor: 'Example CRM',
    client: () => createClient(settings(), context),
    check: (client) => check(settings, client, context),
    objects: () => Promise.resolve(objects),
    objectOf: (id) => objects.find((object) => object.id === id) ?? null,
  });
}
