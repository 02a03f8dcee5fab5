import type { CheckResult } from '@sluice/domain/connector';
import type { CheckFinding, CheckNames } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { apiCheckNames, checkApi } from '../../kit/http/check-api.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import { dataPath, type SalesforceConfiguration } from './configuration.ts';
import { listSObjects } from './sobject.ts';

export const checks: CheckNames = [
  ...apiCheckNames,
  { name: 'objects', label: 'Find objects to write' },
  { name: 'requests', label: 'Count the requests of the day' },
];

export function check(
  configuration: () => SalesforceConfiguration,
  client: () => ApiClient,
  context: ConnectContext,
): AsyncIterable<CheckResult> {
  let limits: unknown;
  return checkApi(checks, context, {
    baseUrl: () => configuration().baseUrl,
    async credentials(): Promise<CheckFinding> {
      limits = (await client().read({ method: 'GET', path: `${dataPath}/limits` })).body;
      return { status: 'passed', message: 'Salesforce takes the sign-in.' };
    },
    steps: {
      async objects(): Promise<CheckFinding> {
        const { length } = await listSObjects(client());
        if (length > 0) return { status: 'passed', message: `${length} objects can be written.` };
        return {
          status: 'warning',
          message: 'The user may not write any object.',
          fix: 'Give the user a permission set with Create and Edit on the objects that you sync.',
        };
      },
      requests(): Promise<CheckFinding> {
        const max = Number(valueAtPath(limits, 'DailyApiRequests.Max'));
        const left = Number(valueAtPath(limits, 'DailyApiRequests.Remaining'));
        const words = `${left.toLocaleString('en-US')} of ${max.toLocaleString('en-US')} requests of the last 24 hours are left.`;
        const finding: CheckFinding =
          left > max * configuration().reserve
            ? { status: 'passed', message: words }
            : {
                status: 'warning',
                message: words,
                fix: 'Runs wait until more are free. Lower "Leave to others", or ask Salesforce for more requests.',
              };
        return Promise.resolve(finding);
      },
    },
  });
}
