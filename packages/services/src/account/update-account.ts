import type { AccountView, UpdateAccount } from '@sluice/domain/account';
import type { Person } from '@sluice/domain/actor';
import type { z } from 'zod';
import { auditPerson } from '../audit/audit-person.ts';
import { diff } from '../audit/diff.ts';
import type { ServiceContext } from '../context.ts';
import { getAccount } from './get-account.ts';

/** Changes the person's name. */
export async function updateAccount(
  ctx: ServiceContext,
  person: Person,
  input: z.infer<typeof UpdateAccount>,
): Promise<AccountView> {
  await ctx.db.$transaction(async (tx) => {
    await tx.user.update({ where: { id: person.userId }, data: { name: input.name } });
    await auditPerson(tx, person, {
      action: 'account.update',
      changes: diff({ name: person.name }, { name: input.name }),
    });
  });
  return getAccount(ctx, { ...person, name: input.name });
}
