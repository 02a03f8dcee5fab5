import type { ServiceContext } from '../context.ts';
import { newSecret } from '../session/random-secret.ts';

/** A secret to sign with: 256 random bits. */
export const newWebhookSecret = (): string => `whsec_${newSecret()}`;

/** Sealed for this endpoint; opens nowhere else. */
export function sealWebhookSecret(
  ctx: Pick<ServiceContext, 'vault'>,
  endpoint: { workspaceId: number; id: number },
  secret: string,
): Promise<string> {
  return ctx.vault.seal(placeOf(endpoint), secret);
}

/** The secrets that sign now: the one of now and, while it is rotating, the one before. Logs hide them from here on. */
export async function openWebhookSecrets(
  ctx: Pick<ServiceContext, 'vault' | 'secrets'>,
  endpoint: {
    workspaceId: number;
    id: number;
    secret: string;
    previousSecret: string | null;
    previousExpiresAt: Date | null;
  },
): Promise<string[]> {
  const { previousSecret, previousExpiresAt } = endpoint;
  const rotating = previousSecret !== null && previousExpiresAt !== null && previousExpiresAt > new Date();
  const sealed = [endpoint.secret, ...(rotating ? [previousSecret] : [])];
  const secrets = await Promise.all(sealed.map((text) => ctx.vault.open(placeOf(endpoint), text)));
  ctx.secrets.register(secrets);
  return secrets;
}

const placeOf = ({ workspaceId, id }: { workspaceId: number; id: number }) =>
  ({ workspaceId, table: 'webhook_endpoints', recordId: id, field: 'secret' }) as const;
