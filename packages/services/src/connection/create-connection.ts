import { type Actor, authorise } from '@sluice/domain/actor';
import type { CreateConnection } from '@sluice/domain/connection';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { claimGrant } from '../oauth/claim-grant.ts';
import { withFreeSlug } from '../slug/with-free-slug.ts';
import type { ConnectionKind } from './connection-kind.ts';
import { sealSecrets } from './connection-secrets.ts';
import { readConfiguration } from './read-configuration.ts';

/**
 * Stores a connection with its secrets sealed, and answers its id. Throws `input_invalid` with the field's path,
 * `slug_taken` for a slug that was asked for. Nothing is contacted: "Test connection" does that.
 */
export async function createConnection(
  ctx: ServiceContext,
  actor: Actor,
  kind: ConnectionKind,
  input: z.infer<typeof CreateConnection>,
): Promise<number> {
  authorise(actor, kind.writePermission);
  const { workspaceId } = actor;
  const { shown, secrets } = readConfiguration(kind.connector(input.type), input.configuration);
  // The id is part of what seals the secrets, so it is drawn before the row exists.
  const id = await nextId(ctx, kind);
  const sealed = await sealSecrets(ctx, { workspaceId, table: kind.table, recordId: id }, secrets);
  const { name, type } = input;

  return withFreeSlug(
    { given: input.slug, name, list: (prefix) => kind.rows.slugs(ctx.db, workspaceId, prefix) },
    (slug) =>
      ctx.db.$transaction(async (tx) => {
        await claimGrant(tx, actor, { kind, type, id, configuration: shown });
        await kind.rows.create(tx, {
          id,
          workspaceId,
          slug,
          type,
          name,
          configuration: shown,
          secrets: sealed,
        });
        await audit(tx, actor, {
          action: `${kind.noun}.create`,
          subjectType: kind.noun,
          subjectId: id,
          subjectName: name,
          changes: diff({}, { name, slug, type, configuration: shown }),
        });
        return id;
      }),
  );
}

async function nextId(ctx: ServiceContext, kind: ConnectionKind): Promise<number> {
  const [row] = await ctx.db.$queryRawUnsafe<{ id: number }[]>(
    `select nextval(pg_get_serial_sequence($1, 'id'))::int as id`,
    kind.table,
  );
  if (!row) throw new Error(`no sequence for ${kind.table}`);
  return row.id;
}
