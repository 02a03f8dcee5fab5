import type { CheckResult } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import type { CheckFinding, CheckNames } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { apiPath } from '../../kit/http/api-request.ts';
import { apiCheckNames, checkApi } from '../../kit/http/check-api.ts';
import type { HubspotConfiguration } from './configuration.ts';
import { standardTypes } from './object-type.ts';

export const checks: CheckNames = [...apiCheckNames, { name: 'scopes', label: 'Read the objects' }];

/** A valid token without a scope is told from a wrong one: the first check needs only the token. */
export function check(
  configuration: () => HubspotConfiguration,
  client: () => ApiClient,
  context: ConnectContext,
): AsyncIterable<CheckResult> {
  const may = async (type: string): Promise<boolean> => {
    try {
      await client().read({ method: 'GET', path: apiPath`/crm/v3/properties/${type}` });
      return true;
    } catch (thrown) {
      if (thrown instanceof SluiceError && thrown.code === 'destination_permission') return false;
      throw thrown;
    }
  };
  return checkApi(checks, context, {
    baseUrl: () => configuration().baseUrl,
    async credentials(): Promise<CheckFinding> {
      await may('contacts');
      return { status: 'passed', message: 'The token is taken.' };
    },
    steps: {
      async scopes(): Promise<CheckFinding> {
        const missing: string[] = [];
        for (const { id } of standardTypes) if (!(await may(id))) missing.push(id);
        if (missing.length === 0) {
          return { status: 'passed', message: 'Contacts, companies, deals and tickets can be read.' };
        }
        const scopes = missing.map((type) => scopeOf(type)).join(', ');
        const fix = `Give the private app the scopes ${scopes}.`;
        if (missing.length === standardTypes.length) {
          throw new SluiceError('destination_permission', 'The token may not read any object.', { fix });
        }
        return { status: 'warning', message: `The token may not read ${missing.join(', ')}.`, fix };
      },
    },
  });
}

const scopeOf = (type: string): string =>
  type === 'tickets'
    ? 'tickets'
    : `crm.objects.${type}.read, crm.objects.${type}.write, crm.schemas.${type}.read`;
