import { SluiceError } from '@sluice/domain/error';
import type { ErrorCode } from '@sluice/domain/error-code';
import type { ConnectContext, GrantedAccess } from './context.ts';

/** What grants throw, as a source has to say it. */
const codes: Readonly<Record<string, ErrorCode>> = {
  destination_auth: 'source_auth',
  destination_unreachable: 'source_unreachable',
  destination_failed: 'source_failed',
};

/** The access that somebody gave by signing in at the vendor. Throws `source_*` codes; `source_auth` where there is none. */
export function sourceGrant({ grant }: ConnectContext): GrantedAccess {
  if (!grant) {
    const missing = () =>
      Promise.reject(
        new SluiceError('source_auth', 'Nobody has given Sluice access to this source yet.', {
          fix: 'Open the source, and connect it with the button.',
        }),
      );
    return { token: missing, renew: missing };
  }
  return {
    token: () => grant.token().catch(asSource),
    renew: (refused) => grant.renew(refused).catch(asSource),
  };
}

function asSource(thrown: unknown): never {
  const code = thrown instanceof SluiceError ? codes[thrown.code] : undefined;
  if (!code || !(thrown instanceof SluiceError)) throw thrown;
  throw new SluiceError(code, thrown.message, { fix: thrown.fix, cause: thrown });
}
