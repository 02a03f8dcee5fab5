import type { ConnectContext } from '../../kit/context.ts';
import { type ApiClient, createApiClient } from '../../kit/http/api-client.ts';
import { bearer } from '../../kit/http/credentials.ts';
import type { ExampleConfiguration } from './configuration.ts';

/** Version 1 of the API: link to its description, and the date it was read. */
export const createClient = (configuration: ExampleConfiguration, context: ConnectContext): ApiClient =>
  createApiClient(
    {
      vendor: 'Example CRM',
      baseUrl: configuration.baseUrl,
      credentials: bearer(configuration.apiKey),
      // Only what differs from HTTP: `statuses`, `codes`, `failureIn` for failures inside a 200, `resetHeaders`.
      rules: { resetHeaders: [{ name: 'x-ratelimit-reset', unit: 'epoch_seconds' }] },
    },
    context,
  );
