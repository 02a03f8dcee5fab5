import { SluiceError } from '@sluice/domain/error';
import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection } from '../../kit/destination.ts';
import { openApiConnection } from '../../kit/http/api-connection.ts';
import type { Configuration } from '../../kit/source.ts';
import { check } from './check.ts';
import { createClient } from './client.ts';
import { readConfiguration } from './configuration.ts';
import { listCatalogs } from './objects/catalog-items.ts';
import { events, purchases } from './objects/events.ts';
import { subscriptions } from './objects/subscriptions.ts';
import { users } from './objects/users.ts';

const fixed = [users, events, purchases, subscriptions];

/** A use of a Braze workspace. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readConfiguration(configuration);
  return openApiConnection({
    vendor: 'Braze',
    client: () => createClient(settings(), context),
    check: (client) => check(settings, client, context),
    async objects(client) {
      try {
        return [...fixed, ...(await listCatalogs(client))];
      } catch (thrown) {
        // A key for users alone need not see catalogs.
        const denied = ['destination_permission', 'destination_auth'];
        if (thrown instanceof SluiceError && denied.includes(thrown.code)) return fixed;
        throw thrown;
      }
    },
    objectOf: (id) => fixed.find((object) => object.id === id) ?? null,
  });
}
