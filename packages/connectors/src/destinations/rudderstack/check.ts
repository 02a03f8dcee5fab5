import type { CheckResult } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import type { CheckNames } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { jsonText } from '../../kit/http/api-request.ts';
import { apiCheckNames, checkApi } from '../../kit/http/check-api.ts';
import type { RudderstackConfiguration } from './configuration.ts';

export const checks: CheckNames = apiCheckNames;

/** Sends a batch without calls: RudderStack looks at the key first, and refuses the batch for being empty after. */
export const check = (
  configuration: () => RudderstackConfiguration,
  client: () => ApiClient,
  context: ConnectContext,
): AsyncIterable<CheckResult> =>
  checkApi(checks, context, {
    baseUrl: () => configuration().baseUrl,
    async credentials() {
      try {
        const body = jsonText('{"batch":[]}');
        await client().read({ method: 'POST', path: '/v1/batch', body, answer: 'text' });
      } catch (thrown) {
        const refused = thrown instanceof SluiceError && thrown.details?.status === 400;
        if (!refused) throw thrown;
      }
      return { status: 'passed', message: 'The write key is taken.' };
    },
  });
