import type { CheckResult } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import type { CheckNames } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { apiCheckNames, checkApi } from '../../kit/http/check-api.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import type { SlackConfiguration } from './configuration.ts';

export const checks: CheckNames = apiCheckNames;

const needed = ['chat:write', 'channels:read'];

/** Asks who the token is; the answer's header says what it may. https://docs.slack.dev/reference/methods/auth.test (2026-11) */
export function check(
  configuration: () => SlackConfiguration,
  client: () => ApiClient,
  context: ConnectContext,
): AsyncIterable<CheckResult> {
  return checkApi(checks, context, {
    baseUrl: () => configuration().baseUrl,
    async credentials() {
      const { body, headers } = await client().read({ method: 'GET', path: '/auth.test' });
      const who = `Signed in to ${String(valueAtPath(body, 'team'))} as ${String(valueAtPath(body, 'user'))}.`;
      const scopes = (headers['x-oauth-scopes'] ?? '').split(',').map((scope) => scope.trim());
      const missing =
        headers['x-oauth-scopes'] === undefined ? [] : needed.filter((scope) => !scopes.includes(scope));
      if (missing.length === 0) return { status: 'passed', message: who };
      throw new SluiceError('destination_permission', `${who} The token lacks ${missing.join(' and ')}.`, {
        fix: `Add the bot token scopes ${missing.join(', ')} to the Slack app under OAuth & Permissions, and install it again.`,
      });
    },
  });
}
