import type { ConfigField, HeaderSetting } from '@sluice/domain/field';
import type { ServiceContext } from '../context.ts';

/** Secret values of a connection: field → text, or lower-case header name → text for fields of kind `headers`. */
export type ConnectionSecrets = Record<string, string | Record<string, string>>;

/** The record that secrets belong to; sealed ones open nowhere else. */
export interface SecretsOwner {
  readonly workspaceId: number;
  readonly table: 'sources' | 'destinations';
  readonly recordId: number;
}

/** Seals the secrets of one record; `null` when there are none. */
export async function sealSecrets(
  ctx: ServiceContext,
  owner: SecretsOwner,
  secrets: ConnectionSecrets,
): Promise<string | null> {
  if (Object.keys(secrets).length === 0) return null;
  return ctx.vault.seal({ ...owner, field: 'secrets' }, JSON.stringify(secrets));
}

/** Opens what `sealSecrets` made for the same record. Throws when it was made for another one, or the key is gone. */
export async function openSecrets(
  ctx: ServiceContext,
  owner: SecretsOwner,
  sealed: string | null,
): Promise<ConnectionSecrets> {
  if (sealed === null) return {};
  return JSON.parse(await ctx.vault.open({ ...owner, field: 'secrets' }, sealed)) as ConnectionSecrets;
}

/** Puts secrets back into a stored configuration. The result lives only in memory, while a connection is open. */
export function fillSecrets(
  fields: readonly ConfigField[],
  shown: Readonly<Record<string, unknown>>,
  secrets: ConnectionSecrets,
): Record<string, unknown> {
  const filled: Record<string, unknown> = { ...shown };
  for (const field of fields) {
    const secret = secrets[field.name];
    if (typeof secret === 'string') filled[field.name] = secret;
    if (typeof secret === 'object') {
      const headers = (shown[field.name] ?? []) as HeaderSetting[];
      filled[field.name] = headers.map((header) =>
        header.secret ? { ...header, value: secret[header.name.toLowerCase()] ?? '' } : header,
      );
    }
  }
  return filled;
}

/** Every secret value, flat: what the registry redacts. */
export const secretValues = (secrets: ConnectionSecrets): string[] =>
  Object.values(secrets).flatMap((secret) => (typeof secret === 'string' ? [secret] : Object.values(secret)));
