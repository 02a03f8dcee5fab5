import type { CheckResult } from '@sluice/domain/connector';
import type { CheckNames } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { apiCheckNames, checkApi } from '../../kit/http/check-api.ts';
import type { ExampleConfiguration } from './configuration.ts';

export const checks: CheckNames = apiCheckNames;

/** Asks for something that needs the credentials and changes nothing. */
export function check(
  configuration: () => ExampleConfiguration,
  client: () => ApiClient,
  context: ConnectContext,
): AsyncIterable<CheckResult> {
  return checkApi(checks, context, {
    baseUrl: () => configuration().baseUrl,
    async credentials() {
      await client().read({ method: 'GET', path: '/v1/me' });
      return { status: 'passed', message: 'The key is taken.' };
    },
  });
}
