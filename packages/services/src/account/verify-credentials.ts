import { Email } from '@sluice/domain/account';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '../context.ts';
import type { SessionClaim } from '../session/resolve-session.ts';
import { verifyPassword } from './password-hash.ts';

export interface SignedIn extends SessionClaim {
  readonly name: string;
  readonly email: string;
}

/**
 * The session of a person who gave the right password. Unknown and known addresses get the same text, after the same
 * work. Throws `credentials_wrong`, or `rate_limited` after 10 tries of an account from one address (50 of any
 * account) in 15 minutes; the right password from another address still works meanwhile.
 */
export async function verifyCredentials(
  ctx: Pick<ServiceContext, 'db' | 'limits' | 'log'>,
  input: { email: string; password: string; address: string },
): Promise<SignedIn> {
  const parsed = Email.safeParse(input.email);
  const email = parsed.success ? parsed.data : '';
  const key = `${email}|${input.address}`;
  await ctx.limits.take('signInAddress', input.address);
  await ctx.limits.take('signIn', key);
  await ctx.limits.take('signInAccount', email);
  const user = await ctx.db.user.findUnique({ where: { email } });
  const right = await verifyPassword(user?.passwordHash ?? null, input.password);
  if (!user || !right) {
    ctx.log.info({ address: input.address, userId: user?.id }, 'sign-in refused');
    throw new SluiceError('credentials_wrong', 'The e-mail address or the password is wrong.');
  }
  await ctx.limits.reset('signIn', key);
  ctx.log.info({ userId: user.id, address: input.address }, 'signed in');
  return { userId: user.id, sessionVersion: user.sessionVersion, name: user.name, email: user.email };
}
