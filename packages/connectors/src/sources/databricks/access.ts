import type { ConnectContext, GrantedAccess } from '../../kit/context.ts';
import { machineAccess } from '../../kit/machine-access.ts';
import type { DatabricksSettings } from './configuration.ts';

/** Access tokens for the service principal, or the token of a user. */
export function databricksAccess(
  { credentials, url }: DatabricksSettings,
  context: ConnectContext,
): GrantedAccess {
  if (credentials.kind === 'token') {
    const { token } = credentials;
    return { token: async () => token, renew: async () => {} };
  }
  const { clientId, clientSecret } = credentials;
  // https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m (read 2026-11-22)
  return machineAccess(
    context,
    'Databricks',
    () => ({
      url: new URL('/oidc/v1/token', url),
      headers: { Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      form: { grant_type: 'client_credentials', scope: 'all-apis' },
    }),
    'Check the application ID, and make a new OAuth secret for the service principal.',
  );
}
