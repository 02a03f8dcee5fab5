import type { Person } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '@sluice/services/context';
import { resolveSession, type SessionClaim } from '@sluice/services/session/resolve-session';

/** The person behind a session cookie, or `null` when there is none or it has ended. */
export async function findPerson(
  services: ServiceContext,
  claim: SessionClaim | null,
  requestId: string,
): Promise<Person | null> {
  try {
    return await resolveSession(services, claim, requestId);
  } catch (thrown) {
    if (thrown instanceof SluiceError && thrown.code === 'unauthenticated') return null;
    throw thrown;
  }
}
