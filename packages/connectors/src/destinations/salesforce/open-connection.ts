import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection, WriterLimits } from '../../kit/destination.ts';
import { openApiConnection } from '../../kit/http/api-connection.ts';
import type { Configuration } from '../../kit/source.ts';
import { bulkBatch } from './bulk-route.ts';
import { check } from './check.ts';
import { createClient } from './client.ts';
import { readConfiguration } from './configuration.ts';
import { createDailyLimit } from './daily-limit.ts';
import { records } from './objects/records.ts';
import { listSObjects } from './sobject.ts';

/** A use of a Salesforce org. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readConfiguration(configuration);
  return openApiConnection({
    vendor: 'Salesforce',
    client: () => createClient(settings(), context),
    check: (client) => check(settings, client, context),
    async objects(client) {
      const { concurrency, reserve } = settings();
      const limits: WriterLimits = {
        batchRowsMax: bulkBatch.rows,
        concurrency,
        sharedConcurrency: concurrency,
        requests: [],
      };
      const daily = createDailyLimit(reserve);
      return (await listSObjects(client)).map((object) => records(object, limits, daily));
    },
  });
}
