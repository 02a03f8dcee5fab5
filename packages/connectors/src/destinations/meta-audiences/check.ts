import type { CheckResult } from '@sluice/domain/connector';
import type { CheckFinding, CheckNames } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { apiCheckNames, checkApi } from '../../kit/http/check-api.ts';
import { listAudiences } from './audience.ts';
import type { MetaConfiguration } from './configuration.ts';

export const checks: CheckNames = apiCheckNames;

/** Reading the audiences needs the token, the account and the right to its ads: one question answers all. */
export function check(
  configuration: () => MetaConfiguration,
  client: () => ApiClient,
  context: ConnectContext,
): AsyncIterable<CheckResult> {
  return checkApi(checks, context, {
    baseUrl: () => configuration().baseUrl,
    async credentials(): Promise<CheckFinding> {
      const { length } = await listAudiences(client(), configuration());
      const found = length === 1 ? '1 audience' : `${length} audiences`;
      return { status: 'passed', message: `The ad account answers: ${found} of people from lists.` };
    },
  });
}
