import type { Connection } from '@sluice/db/client';
import { SluiceError } from '@sluice/domain/error';
import type { Role } from '@sluice/domain/permission';
import { secretHash } from '../session/random-secret.ts';

export interface OpenInvitation {
  readonly id: number;
  readonly role: Role;
  readonly email: string | null;
  readonly workspace: {
    readonly id: number;
    readonly name: string;
    readonly slug: string;
    readonly organisationId: number;
  };
}

/** The invitation behind a link, if it can still be accepted. Throws `invitation_invalid` without saying why not. */
export async function loadInvitation(db: Connection, token: string): Promise<OpenInvitation> {
  const found = await db.invitation.findUnique({
    where: { tokenHash: secretHash(token) },
    include: { workspace: true },
  });
  if (!found || found.acceptedAt || found.expiresAt <= new Date()) throw invitationInvalid();
  const { id, role, email, workspace } = found;
  return {
    id,
    role: role as Role,
    email,
    workspace: {
      id: workspace.id,
      name: workspace.name,
      slug: workspace.slug,
      organisationId: workspace.organisationId,
    },
  };
}

export const invitationInvalid = () =>
  new SluiceError('invitation_invalid', 'This invitation can no longer be used.');
