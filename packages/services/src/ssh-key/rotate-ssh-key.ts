import { publicKeyFingerprint } from '@sluice/connectors/kit/ssh/ssh-key';
import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { SshKeyView } from '@sluice/domain/ssh-key';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { sshKeyView } from './get-ssh-key.ts';
import { loadSshKey, makeSshKey } from './load-ssh-key.ts';

/**
 * A new key for the workspace. Sign-ins try it first and then the one of now, which is forgotten with the next rotation, so that
 * nothing breaks while servers learn the new line. Throws `conflict` when somebody else rotates at the same moment.
 */
export async function rotateSshKey(ctx: ServiceContext, actor: Actor): Promise<SshKeyView> {
  authorise(actor, 'workspace.manage');
  const { workspaceId } = actor;
  const before = await loadSshKey(ctx, workspaceId);
  const made = await makeSshKey(ctx, workspaceId);
  return ctx.db.$transaction(async (tx) => {
    const { count } = await tx.sshKey.updateMany({
      where: { workspaceId, publicKey: before.publicKey },
      data: {
        ...made,
        previousPublic: before.publicKey,
        previousSealed: before.sealed,
        createdAt: new Date(),
      },
    });
    if (count === 0)
      throw new SluiceError('conflict', 'Somebody else gave the workspace a new SSH key just now.');
    await audit(tx, actor, {
      action: 'ssh_key.rotate',
      subjectType: 'ssh_key',
      subjectId: null,
      subjectName: 'the SSH key of the workspace',
      changes: {
        fingerprint: [publicKeyFingerprint(before.publicKey), publicKeyFingerprint(made.publicKey)],
      },
    });
    return sshKeyView(await tx.sshKey.findUniqueOrThrow({ where: { workspaceId } }));
  });
}
