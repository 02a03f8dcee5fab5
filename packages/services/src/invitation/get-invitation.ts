import type { Role } from '@sluice/domain/permission';
import type { ServiceContext } from '../context.ts';
import { loadInvitation } from './load-invitation.ts';

/** What the holder of an invitation link is invited to. Public: the link is the proof. Throws `invitation_invalid`. */
export async function getInvitation(
  ctx: Pick<ServiceContext, 'db'>,
  input: { token: string },
): Promise<{ workspaceName: string; role: Role; email: string | null }> {
  const { workspace, role, email } = await loadInvitation(ctx.db, input.token);
  return { workspaceName: workspace.name, role, email };
}
