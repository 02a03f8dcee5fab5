import type { Connection } from '@sluice/db/client';
import type { Person } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import { audit } from '../audit/record-audit.ts';
import { invitationInvalid, type OpenInvitation } from './load-invitation.ts';

/**
 * Makes the person a member by an invitation, in the caller's transaction. An invitation is used once: of two who try
 * at the same time, one gets `invitation_invalid`. One that names an address is only for that address.
 */
export async function joinWorkspace(
  tx: Connection,
  person: Person,
  { id, role, email, workspace }: OpenInvitation,
): Promise<void> {
  if (email !== null && email !== person.email) {
    throw new SluiceError(
      'invitation_invalid',
      `This invitation is for another address than ${person.email}.`,
      {
        fix: 'Sign in with the address that was invited, or ask for a link without an address.',
      },
    );
  }
  const { count } = await tx.invitation.updateMany({
    where: { id, acceptedAt: null, expiresAt: { gt: new Date() } },
    data: { acceptedAt: new Date() },
  });
  if (count === 0) throw invitationInvalid();
  await tx.organisationMember.createMany({
    data: [{ organisationId: workspace.organisationId, userId: person.userId }],
    skipDuplicates: true,
  });
  await tx.workspaceMember.create({ data: { workspaceId: workspace.id, userId: person.userId, role } });
  await audit(
    tx,
    { ...person, workspaceId: workspace.id },
    {
      action: 'member.join',
      subjectType: 'user',
      subjectId: person.userId,
      subjectName: person.name,
      changes: { role: [null, role], email: [null, person.email] },
    },
  );
}
