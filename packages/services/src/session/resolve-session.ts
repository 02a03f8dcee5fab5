import type { Person } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '../context.ts';

/** What the session cookie says. Trusted only as far as `resolveSession` confirms it. */
export interface SessionClaim {
  readonly userId: number;
  readonly sessionVersion: number;
}

/**
 * The person behind a session, read from the database on each request so that a password change or a removal ends
 * sessions at once. Throws `unauthenticated`.
 */
export async function resolveSession(
  ctx: Pick<ServiceContext, 'db'>,
  claim: SessionClaim | null,
  requestId: string,
): Promise<Person> {
  if (!claim) throw new SluiceError('unauthenticated', 'You are not signed in.', { fix: 'Sign in.' });
  const user = await ctx.db.user.findUnique({
    where: { id: claim.userId },
    select: { id: true, name: true, email: true, sessionVersion: true },
  });
  if (!user || user.sessionVersion !== claim.sessionVersion) {
    throw new SluiceError('unauthenticated', 'Your session has ended.', { fix: 'Sign in again.' });
  }
  return { userId: user.id, name: user.name, email: user.email, requestId };
}
