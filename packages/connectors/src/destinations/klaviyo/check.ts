import type { CheckResult } from '@sluice/domain/connector';
import type { CheckFinding, CheckNames } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { apiCheckNames, checkApi } from '../../kit/http/check-api.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import type { KlaviyoConfiguration } from './configuration.ts';

export const checks: CheckNames = [...apiCheckNames, { name: 'scopes', label: 'Read lists and profiles' }];

export function check(
  configuration: () => KlaviyoConfiguration,
  client: () => ApiClient,
  context: ConnectContext,
): AsyncIterable<CheckResult> {
  return checkApi(checks, context, {
    baseUrl: () => configuration().baseUrl,
    async credentials(): Promise<CheckFinding> {
      const { body } = await client().read({ method: 'GET', path: '/api/accounts' });
      const name = valueAtPath(body, 'data.0.attributes.contact_information.organization_name');
      const account = typeof name === 'string' && name !== '' ? `The account of ${name} answers.` : null;
      return { status: 'passed', message: account ?? 'The key is taken.' };
    },
    steps: {
      async scopes(): Promise<CheckFinding> {
        await client().read({ method: 'GET', path: '/api/lists', query: { 'fields[list]': 'name' } });
        await client().read({ method: 'GET', path: '/api/profiles', query: { 'page[size]': 1 } });
        return { status: 'passed', message: 'Lists and profiles can be read.' };
      },
    },
  });
}
