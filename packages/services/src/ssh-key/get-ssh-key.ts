import { publicKeyFingerprint } from '@sluice/connectors/kit/ssh/ssh-key';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { SshKeyView } from '@sluice/domain/ssh-key';
import type { ServiceContext } from '../context.ts';
import { loadSshKey, type SshKeyRow } from './load-ssh-key.ts';

/** The public half of the workspace's key, for whoever lets it in; the key is made when it is first asked for. */
export async function getSshKey(ctx: ServiceContext, actor: Actor): Promise<SshKeyView> {
  authorise(actor, 'workspace.read');
  return sshKeyView(await loadSshKey(ctx, actor.workspaceId));
}

export const sshKeyView = ({ publicKey, createdAt, previousPublic }: SshKeyRow): SshKeyView => ({
  publicKey,
  fingerprint: publicKeyFingerprint(publicKey),
  createdAt,
  previousPublicKey: previousPublic,
});
