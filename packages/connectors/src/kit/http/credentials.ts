import { SluiceError } from '@sluice/domain/error';
import type { ConnectContext } from '../context.ts';

/** What opens a vendor's API. */
export interface ApiCredentials {
  /** The headers of one request. Throws `destination_auth` when access was taken back. */
  headers(): Promise<Record<string, string>>;
  /** Values that nobody may see: masked in everything that is recorded. */
  secrets(): readonly string[];
  /** Gets new ones after a 401; left out where they are what the person typed. Throws `destination_auth`. */
  renew?(): Promise<void>;
}

/** `Authorization: Bearer …`, or with another scheme. */
export function bearer(token: string, scheme = 'Bearer'): ApiCredentials {
  return {
    headers: () => Promise.resolve({ Authorization: `${scheme} ${token}` }),
    secrets: () => [token],
  };
}

/** `Authorization: Basic …`. */
export function basic(user: string, password: string): ApiCredentials {
  const encoded = Buffer.from(`${user}:${password}`).toString('base64');
  return {
    headers: () => Promise.resolve({ Authorization: `Basic ${encoded}` }),
    secrets: () => [`Basic ${encoded}`, password, user].filter((part) => part !== ''),
  };
}

/** Keys in headers of the vendor's own. */
export function keyHeaders(headers: Readonly<Record<string, string>>): ApiCredentials {
  return { headers: () => Promise.resolve({ ...headers }), secrets: () => Object.values(headers) };
}

/** Nobody has signed in at the vendor yet. */
export const noGrant = (vendor: string): ApiCredentials => ({
  headers: () =>
    Promise.reject(
      new SluiceError('destination_auth', `Nobody has signed in at ${vendor} for this connection yet.`, {
        fix: `Open the connection and connect with ${vendor}.`,
      }),
    ),
  secrets: () => [],
});

/** The access that somebody granted by signing in at the vendor; renewed once after a 401. */
export function granted(access: NonNullable<ConnectContext['grant']>): ApiCredentials {
  let token = '';
  return {
    async headers() {
      token = await access.token();
      return { Authorization: `Bearer ${token}` };
    },
    secrets: () => [token],
    renew: () => access.renew(token),
  };
}
