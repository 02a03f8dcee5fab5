import type { ChangePassword } from '@sluice/domain/account';
import type { Person } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { z } from 'zod';
import { auditPerson } from '../audit/audit-person.ts';
import type { ServiceContext } from '../context.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { assertPassword } from './password-policy.ts';

/**
 * Replaces the password and ends every session of the person; the caller continues with the version in the answer.
 * Throws `credentials_wrong` for a wrong current password, `password_weak`, `rate_limited`.
 */
export async function changePassword(
  ctx: ServiceContext,
  person: Person,
  input: z.infer<typeof ChangePassword>,
): Promise<{ sessionVersion: number }> {
  await ctx.limits.take('account', `user ${person.userId}`);
  const user = await ctx.db.user.findUniqueOrThrow({ where: { id: person.userId } });
  if (!(await verifyPassword(user.passwordHash, input.current))) {
    throw new SluiceError('input_invalid', 'The current password is wrong.', {
      fields: { current: 'This is not your current password.' },
      fix: 'Type the password that you sign in with now.',
    });
  }
  assertPassword(input.next, person);
  const passwordHash = await hashPassword(input.next);
  return ctx.db.$transaction(async (tx) => {
    const { sessionVersion } = await tx.user.update({
      where: { id: person.userId },
      data: { passwordHash, sessionVersion: { increment: 1 } },
      select: { sessionVersion: true },
    });
    await auditPerson(tx, person, {
      action: 'account.change-password',
      changes: { password: ['secret', 'changed'] },
    });
    return { sessionVersion };
  });
}
