import { createSign } from 'node:crypto';
import type { ConnectContext, GrantedAccess } from '../../kit/context.ts';
import { machineAccess, type TokenRequest } from '../../kit/machine-access.ts';
import { sourceGrant } from '../../kit/source-grant.ts';
import type { BigQuerySettings, ServiceAccountKey } from './configuration.ts';

/** Reading is decided by roles, not by this scope: jobs cannot be made with less. */
export const bigqueryScope = 'https://www.googleapis.com/auth/bigquery';

/** Access tokens for the service account, or for the person who signed in. */
export function bigqueryAccess({ credentials }: BigQuerySettings, context: ConnectContext): GrantedAccess {
  if (credentials.kind === 'oauth') return sourceGrant(context);
  const { key } = credentials;
  return machineAccess(
    context,
    'Google',
    () => assertion(key),
    `Make a new key for ${key.email} in the Google Cloud console: this one may have been deleted, or the account disabled.`,
  );
}

/** https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests (read 2026-11-22) */
function assertion({ email, privateKey, keyId, tokenUrl }: ServiceAccountKey): TokenRequest {
  const now = Math.floor(Date.now() / 1_000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = part({ alg: 'RS256', typ: 'JWT', ...(keyId !== null && { kid: keyId }) });
  const claims = part({
    iss: email,
    scope: bigqueryScope,
    aud: tokenUrl.href,
    iat: now,
    exp: now + 3_600,
  });
  const signature = createSign('RSA-SHA256').update(`${header}.${claims}`).sign(privateKey, 'base64url');
  return {
    url: tokenUrl,
    form: {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: `${header}.${claims}.${signature}`,
    },
  };
}
