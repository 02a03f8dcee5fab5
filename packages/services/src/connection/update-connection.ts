import { isDeepStrictEqual } from 'node:util';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { UpdateConnection } from '@sluice/domain/connection';
import { SluiceError } from '@sluice/domain/error';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { claimGrant } from '../oauth/claim-grant.ts';
import type { ConnectionKind } from './connection-kind.ts';
import { type ConnectionSecrets, openSecrets, sealSecrets } from './connection-secrets.ts';
import { getConnectionRow } from './get-connection-row.ts';
import { placeChanged } from './place-changed.ts';
import { readConfiguration } from './read-configuration.ts';

/**
 * Changes the name or the configuration. Fields that are left out keep their value, secrets that arrive as
 * `secretSet` too, unless the host changes. Throws `not_found`, `input_invalid`, and `conflict` when somebody else
 * changed it since `input.updatedAt`, or at the same moment. `samePlace`: the system is known to be the same one under
 * another address.
 */
export async function updateConnection(
  ctx: ServiceContext,
  actor: Actor,
  kind: ConnectionKind,
  input: z.infer<typeof UpdateConnection>,
  options: { samePlace?: boolean } = {},
): Promise<void> {
  authorise(actor, kind.writePermission);
  const { workspaceId } = actor;
  const before = await getConnectionRow(ctx.db, kind, workspaceId, input.id);
  if (input.updatedAt && input.updatedAt.getTime() !== before.updatedAt.getTime())
    throw conflict(before.name);

  const owner = { workspaceId, table: kind.table, recordId: before.id };
  const name = input.name ?? before.name;
  const saved = {
    shown: before.configuration as Record<string, unknown>,
    secrets: input.configuration ? await openSecrets(ctx, owner, before.secrets) : {},
  };
  const next = input.configuration
    ? readConfiguration(kind.connector(before.type), input.configuration, saved)
    : saved;
  const secretsChanged = !isDeepStrictEqual(saved.secrets, next.secrets);
  const secrets = secretsChanged ? await sealSecrets(ctx, owner, next.secrets) : before.secrets;
  const changes = {
    ...diff({ name: before.name, configuration: saved.shown }, { name, configuration: next.shown }),
    ...changedSecrets(saved.secrets, next.secrets),
  };
  if (Object.keys(changes).length === 0) return;

  await ctx.db.$transaction(async (tx) => {
    if (!(await kind.rows.update(tx, before, { name, configuration: next.shown, secrets })))
      throw conflict(before.name);
    const { id, type } = before;
    await claimGrant(tx, actor, { kind, type, id, configuration: next.shown });
    await audit(tx, actor, {
      action: `${kind.noun}.update`,
      subjectType: kind.noun,
      subjectId: before.id,
      subjectName: name,
      changes,
    });
    if (!options.samePlace && placeChanged(kind.connector(before.type).fields, saved.shown, next.shown)) {
      await kind.rows.moved?.(tx, actor, before);
    }
  });
}

const conflict = (name: string): SluiceError =>
  new SluiceError('conflict', `Somebody changed "${name}" meanwhile.`);

/** Which secret fields got another value; never which. */
function changedSecrets(
  before: ConnectionSecrets,
  after: ConnectionSecrets,
): Record<string, [unknown, unknown]> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  return Object.fromEntries(changed.map((name) => [`configuration.${name}`, ['secret', 'changed']]));
}
