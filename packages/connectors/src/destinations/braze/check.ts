import type { CheckResult } from '@sluice/domain/connector';
import type { CheckFinding, CheckNames } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { jsonText } from '../../kit/http/api-request.ts';
import { apiCheckNames, checkApi } from '../../kit/http/check-api.ts';
import { RequestFailed, toDestinationError } from '../../kit/http/request-failed.ts';
import type { BrazeConfiguration } from './configuration.ts';

export const checks: CheckNames = apiCheckNames;

/** Braze has nothing to ask who one is: a request that tracks nothing needs the key and the right, and changes nothing. */
export function check(
  configuration: () => BrazeConfiguration,
  client: () => ApiClient,
  context: ConnectContext,
): AsyncIterable<CheckResult> {
  return checkApi(checks, context, {
    baseUrl: () => configuration().baseUrl,
    async credentials(): Promise<CheckFinding> {
      const session = client().session({ signal: context.signal, admit: () => Promise.resolve() });
      try {
        const body = jsonText('{"attributes":[],"events":[],"purchases":[]}');
        await session.send({ method: 'POST', path: '/users/track', body, reads: true });
      } catch (thrown) {
        // Refused for its emptiness: the key was looked at before.
        const empty = thrown instanceof RequestFailed && thrown.failure.kind === 'refused';
        if (!empty) throw toDestinationError(thrown);
      }
      return { status: 'passed', message: 'The key is taken, and may track users.' };
    },
  });
}
