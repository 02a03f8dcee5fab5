import type { ConnectContext } from '../../kit/context.ts';
import { type ApiClient, createApiClient } from '../../kit/http/api-client.ts';
import { basic } from '../../kit/http/credentials.ts';
import type { RudderstackConfiguration } from './configuration.ts';

/** The write key is the user name; there is no password. */
export const createClient = (configuration: RudderstackConfiguration, context: ConnectContext): ApiClient =>
  createApiClient(
    {
      vendor: 'RudderStack',
      baseUrl: configuration.baseUrl,
      credentials: basic(configuration.writeKey, ''),
      rules: {},
    },
    context,
  );
