import { type Actor, authorise } from '@sluice/domain/actor';
import type { CreateInvitation, InvitationView } from '@sluice/domain/workspace';
import type { z } from 'zod';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { newSecret, secretHash } from '../session/random-secret.ts';
import { invitationView } from './list-invitations.ts';

const lifetimeMs = 7 * 86_400_000;

/** A link that makes whoever opens it a member: for 7 days, once. The link is only in this answer. */
export async function createInvitation(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof CreateInvitation>,
): Promise<{ invitation: InvitationView; url: string }> {
  authorise(actor, 'member.manage');
  const secret = newSecret();
  return ctx.db.$transaction(async (tx) => {
    const created = await tx.invitation.create({
      data: {
        workspaceId: actor.workspaceId,
        role: input.role,
        email: input.email ?? null,
        tokenHash: secretHash(secret),
        createdBy: actor.identity.name,
        expiresAt: new Date(Date.now() + lifetimeMs),
      },
    });
    await audit(tx, actor, {
      action: 'invitation.create',
      subjectType: 'invitation',
      subjectId: created.id,
      subjectName: input.email ?? 'anybody with the link',
      changes: { role: [null, input.role] },
    });
    return { invitation: invitationView(created), url: `${ctx.settings.publicUrl}/invite/${secret}` };
  });
}
