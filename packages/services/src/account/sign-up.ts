import { randomUUID } from 'node:crypto';
import type { Connection } from '@sluice/db/client';
import type { SignUp } from '@sluice/domain/account';
import { SluiceError } from '@sluice/domain/error';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { joinWorkspace } from '../invitation/join-workspace.ts';
import { loadInvitation } from '../invitation/load-invitation.ts';
import { isUniqueViolation, withFreeSlug } from '../slug/with-free-slug.ts';
import { foundWorkspace } from '../workspace/found-workspace.ts';
import { listWorkspaceSlugs } from '../workspace/workspace-slugs.ts';
import { hashPassword } from './password-hash.ts';
import { assertPassword } from './password-policy.ts';

/**
 * Creates an account. By invitation the person joins that workspace; otherwise an organisation that they own is
 * created, with a workspace of the same name. `address` and `requestId` are those of the request. Throws `email_taken`,
 * `password_weak`, `invitation_invalid`, `input_invalid` (no organisation named), `rate_limited`.
 */
export async function signUp(
  ctx: ServiceContext,
  input: z.infer<typeof SignUp>,
  request: { address: string; requestId?: string },
): Promise<{ userId: number }> {
  const { organisationName, invitation } = input;
  if (!organisationName && !invitation) {
    throw new SluiceError('input_invalid', 'Name your organisation.', {
      fields: { organisationName: 'Write the name of your company or team.' },
    });
  }
  await ctx.limits.take('account', `address ${request.address}`);
  assertPassword(input.password, input);
  const passwordHash = await hashPassword(input.password);
  const requestId = request.requestId ?? randomUUID();
  const create = { name: input.name, email: input.email, passwordHash, requestId };
  if (invitation) return ctx.db.$transaction((tx) => joinAsNew(tx, create, invitation));
  const name = organisationName ?? '';
  const wish = { given: undefined, name, list: (prefix: string) => listWorkspaceSlugs(ctx.db, prefix) };
  return withFreeSlug(wish, (slug) => ctx.db.$transaction((tx) => foundAsNew(tx, create, { name, slug })));
}

interface NewUser {
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly requestId: string;
}

async function joinAsNew(tx: Connection, user: NewUser, token: string): Promise<{ userId: number }> {
  const invitation = await loadInvitation(tx, token);
  const person = await createUser(tx, user);
  await joinWorkspace(tx, person, invitation);
  return { userId: person.userId };
}

async function foundAsNew(
  tx: Connection,
  user: NewUser,
  { name, slug }: { name: string; slug: string },
): Promise<{ userId: number }> {
  const person = await createUser(tx, user);
  const organisation = await tx.organisation.create({
    data: { name, members: { create: { userId: person.userId, owner: true } } },
  });
  await foundWorkspace(tx, person, { name, slug, organisationId: organisation.id });
  return { userId: person.userId };
}

async function createUser(tx: Connection, { requestId, ...data }: NewUser) {
  try {
    const { id, name, email } = await tx.user.create({ data });
    return { userId: id, name, email, requestId };
  } catch (cause) {
    if (!isUniqueViolation(cause)) throw cause;
    throw new SluiceError('email_taken', `An account for ${data.email} exists already.`, {
      fields: { email: 'An account with this address exists.' },
    });
  }
}
