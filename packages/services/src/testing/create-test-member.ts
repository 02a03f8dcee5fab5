import { randomUUID } from 'node:crypto';
import type { Actor, Person } from '@sluice/domain/actor';
import type { Role } from '@sluice/domain/permission';
import type { ServiceContext } from '../context.ts';
import { resolveActor } from '../session/resolve-actor.ts';
import type { SessionClaim } from '../session/resolve-session.ts';

export interface TestMember {
  readonly person: Person;
  readonly actor: Actor;
  readonly session: SessionClaim;
  readonly workspaceSlug: string;
}

/**
 * A person with a role: in the workspace with this slug, which is created with its organisation when it does not
 * exist (the person then owns the organisation). They have no usable password: `signUp` makes one who has.
 */
export async function createTestMember(
  ctx: ServiceContext,
  workspaceSlug: string,
  role: Role = 'admin',
): Promise<TestMember> {
  const name = `${role} of ${workspaceSlug}`;
  const user = await ctx.db.user.create({
    data: { name, email: `${randomUUID()}@example.com`, passwordHash: 'none' },
  });
  const workspace =
    (await ctx.db.workspace.findUnique({ where: { slug: workspaceSlug } })) ??
    (await ctx.db.workspace.create({
      data: {
        name: workspaceSlug,
        slug: workspaceSlug,
        organisation: {
          create: { name: workspaceSlug, members: { create: { userId: user.id, owner: true } } },
        },
      },
    }));
  await ctx.db.organisationMember.createMany({
    data: [{ organisationId: workspace.organisationId, userId: user.id }],
    skipDuplicates: true,
  });
  await ctx.db.workspaceMember.create({ data: { workspaceId: workspace.id, userId: user.id, role } });
  const person = { userId: user.id, name, email: user.email, requestId: randomUUID() };
  const actor = await resolveActor(ctx, person, workspaceSlug);
  return { person, actor, session: { userId: user.id, sessionVersion: user.sessionVersion }, workspaceSlug };
}
