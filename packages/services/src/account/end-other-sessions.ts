import type { Person } from '@sluice/domain/actor';
import { auditPerson } from '../audit/audit-person.ts';
import type { ServiceContext } from '../context.ts';

/** Ends every session of the person; the caller continues with the version in the answer. */
export async function endOtherSessions(
  ctx: ServiceContext,
  person: Person,
): Promise<{ sessionVersion: number }> {
  return ctx.db.$transaction(async (tx) => {
    const { sessionVersion } = await tx.user.update({
      where: { id: person.userId },
      data: { sessionVersion: { increment: 1 } },
      select: { sessionVersion: true },
    });
    await auditPerson(tx, person, { action: 'account.end-other-sessions' });
    return { sessionVersion };
  });
}
