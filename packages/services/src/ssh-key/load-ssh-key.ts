import { createSshKey, publicKeyFingerprint, type SshKey } from '@sluice/connectors/kit/ssh/ssh-key';
import type { Database } from '@sluice/db/client';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '../context.ts';

export type SshKeyRow = NonNullable<Awaited<ReturnType<Database['sshKey']['findUnique']>>>;

/** The key of a workspace, made when it is first needed. */
export async function loadSshKey(ctx: ServiceContext, workspaceId: number): Promise<SshKeyRow> {
  const where = { workspaceId };
  const known = await ctx.db.sshKey.findUnique({ where });
  if (known) return known;
  const made = await makeSshKey(ctx, workspaceId);
  // Two processes may make one at the same time: the first row counts, and both read it.
  await ctx.db.sshKey.createMany({ data: [{ workspaceId, ...made }], skipDuplicates: true });
  return ctx.db.sshKey.findUniqueOrThrow({ where });
}

/** A new key with its private half sealed; in no table yet. */
export async function makeSshKey(
  ctx: ServiceContext,
  workspaceId: number,
): Promise<{ publicKey: string; sealed: string }> {
  const workspace = await ctx.db.workspace.findUnique({ where: { id: workspaceId } });
  if (!workspace) throw new SluiceError('not_found', 'This workspace no longer exists.');
  const { publicKey, privateKey } = await createSshKey(`sluice-${workspace.slug}`);
  return { publicKey, sealed: await ctx.vault.seal(placeOf(workspaceId, publicKey), privateKey) };
}

/** The keys to sign in with, the newest first. Logs hide them from here on. */
export async function openSshKeys(ctx: ServiceContext, workspaceId: number): Promise<SshKey[]> {
  const { publicKey, sealed, previousPublic, previousSealed } = await loadSshKey(ctx, workspaceId);
  const kept = [{ publicKey, sealed }];
  if (previousPublic !== null && previousSealed !== null)
    kept.push({ publicKey: previousPublic, sealed: previousSealed });
  const keys = await Promise.all(
    kept.map(async (one) => ({
      publicKey: one.publicKey,
      privateKey: await ctx.vault.open(placeOf(workspaceId, one.publicKey), one.sealed),
    })),
  );
  ctx.secrets.register(keys.map(({ privateKey }) => privateKey));
  return keys;
}

/** A private half opens beside its own public half only. */
const placeOf = (workspaceId: number, publicKey: string) =>
  ({
    workspaceId,
    table: 'ssh_keys',
    recordId: workspaceId,
    field: publicKeyFingerprint(publicKey),
  }) as const;
