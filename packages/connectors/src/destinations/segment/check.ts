import type { CheckResult } from '@sluice/domain/connector';
import type { CheckNames } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { jsonText } from '../../kit/http/api-request.ts';
import { apiCheckNames, checkApi } from '../../kit/http/check-api.ts';
import type { SegmentConfiguration } from './configuration.ts';

export const checks: CheckNames = apiCheckNames;

export const check = (
  configuration: () => SegmentConfiguration,
  client: () => ApiClient,
  context: ConnectContext,
): AsyncIterable<CheckResult> =>
  checkApi(checks, context, {
    baseUrl: () => configuration().baseUrl,
    // A batch without calls. Segment takes any write key without a word, so a good answer proves no more than the way.
    async credentials() {
      const body = jsonText('{"batch":[]}');
      await client().read({ method: 'POST', path: '/batch', body, answer: 'text' });
      return {
        status: 'warning',
        message: 'Segment answers, but it does not say whether a write key is right.',
        fix: 'After the first run, look into the debugger of the source in Segment: the calls appear there.',
      };
    },
  });
