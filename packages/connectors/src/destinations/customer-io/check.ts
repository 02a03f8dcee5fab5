import type { CheckResult } from '@sluice/domain/connector';
import type { CheckNames } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { apiCheckNames, checkApi } from '../../kit/http/check-api.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import { type CustomerIoConfiguration, presetUrls } from './configuration.ts';

export const checks: CheckNames = apiCheckNames;

/** Asks for the account's region: it needs nothing but valid credentials, and answers at both hosts. */
export function check(
  configuration: () => CustomerIoConfiguration,
  client: () => ApiClient,
  context: ConnectContext,
): AsyncIterable<CheckResult> {
  return checkApi(checks, context, {
    baseUrl: () => configuration().baseUrl,
    async credentials() {
      const { body } = await client().read({ method: 'GET', path: '/api/v1/accounts/region' });
      const region = valueAtPath(body, 'region');
      if ((region === 'us' || region === 'eu') && region !== configuration().region) {
        return {
          status: 'warning',
          message: `The keys are taken, but the workspace is kept in the other region (${region}).`,
          fix: `Set the region to ${region === 'eu' ? 'European Union' : 'United States'}: requests go to ${presetUrls[region]} then.`,
        };
      }
      return { status: 'passed', message: 'The keys are taken.' };
    },
  });
}
