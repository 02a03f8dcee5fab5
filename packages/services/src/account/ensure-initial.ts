import { Email } from '@sluice/domain/account';
import { SluiceError } from '@sluice/domain/error';
import { systemActor } from '../actor/system-actor.ts';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { secretHash } from '../session/random-secret.ts';
import { signUp } from './sign-up.ts';

/** Set-up without a browser: `INIT_USER_EMAIL`, `INIT_USER_PASSWORD`, `INIT_WORKSPACE_NAME`, `INIT_API_TOKEN`. */
export interface InitialSettings {
  readonly email: string;
  readonly password: string;
  readonly workspaceName: string;
  /** Becomes a token with the scope `write` that never expires; at least 32 characters. */
  readonly apiToken?: string;
}

/**
 * Creates the first account, its workspace and an API token, as the environment says. What exists already stays as it
 * is (the password too), so it may run at each start and in several processes. Answers the workspace, and whether it
 * is new. Throws `settings_invalid` naming the variable.
 */
export async function ensureInitial(
  ctx: ServiceContext,
  initial: InitialSettings,
): Promise<{ workspaceId: number; created: boolean }> {
  const email = Email.safeParse(initial.email);
  if (!email.success) throw new SluiceError('settings_invalid', 'INIT_USER_EMAIL is not an e-mail address.');
  const created = await ensureAccount(ctx, { ...initial, email: email.data });
  const member = await ctx.db.workspaceMember.findFirst({
    where: { user: { email: email.data }, role: 'admin' },
    orderBy: [{ createdAt: 'asc' }, { workspaceId: 'asc' }],
  });
  if (!member) {
    throw new SluiceError('settings_invalid', 'The account of INIT_USER_EMAIL is admin of no workspace.', {
      fix: 'Name another address, or make this account an admin.',
    });
  }
  if (initial.apiToken) await ensureToken(ctx, member.workspaceId, initial.apiToken);
  return { workspaceId: member.workspaceId, created };
}

async function ensureAccount(ctx: ServiceContext, initial: InitialSettings): Promise<boolean> {
  const exists = await ctx.db.user.findUnique({ where: { email: initial.email } });
  if (exists) return false;
  const { email, password, workspaceName } = initial;
  const name = email.split('@')[0] ?? email;
  try {
    await signUp(ctx, { name, email, password, organisationName: workspaceName }, { address: 'set-up' });
    return true;
  } catch (err) {
    // Another process was faster.
    if (err instanceof SluiceError && err.code === 'email_taken') return false;
    if (err instanceof SluiceError && err.code === 'password_weak') {
      throw new SluiceError('settings_invalid', `INIT_USER_PASSWORD cannot be used. ${err.message}`, {
        fix: err.fix,
      });
    }
    throw err;
  }
}

async function ensureToken(ctx: ServiceContext, workspaceId: number, token: string): Promise<void> {
  if (!/^[\x21-\x7e]{32,200}$/.test(token)) {
    throw new SluiceError('settings_invalid', 'INIT_API_TOKEN is not 32 to 200 characters without spaces.', {
      fix: 'Set it to slc_ followed by the output of: openssl rand -hex 32',
    });
  }
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.apiToken.createMany({
      data: [
        {
          workspaceId,
          name: 'Set-up',
          scope: 'write',
          tokenHash: secretHash(token),
          lastFour: token.slice(-4),
          createdBy: 'set-up',
        },
      ],
      skipDuplicates: true,
    });
    if (count === 0) return;
    await audit(tx, systemActor(workspaceId, 'set-up'), {
      action: 'token.create',
      subjectType: 'token',
      subjectId: null,
      subjectName: 'Set-up',
      changes: { scope: [null, 'write'] },
    });
  });
}
