import type { Connection } from '@sluice/db/client';
import type { Actor } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { ConnectionKind } from '../connection/connection-kind.ts';

/** The configuration of a connection that may hold a grant. */
interface Holder {
  readonly kind: ConnectionKind;
  readonly type: string;
  /** `null` = not stored yet: a draft that is tested. */
  readonly id: number | null;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/**
 * Sees that a connection uses a grant that it may: an active one of the workspace for this connector, and either its own
 * or one that nobody uses and that the actor gave. A grant belongs to one connection, so that nobody sends somebody
 * else's access to an address of their own. Answers the grant that nobody uses yet, if it is one. Throws `input_invalid`
 * at the field.
 */
export async function assertGrant(
  db: Connection,
  actor: Actor,
  { kind, type, id, configuration }: Holder,
): Promise<number | null> {
  const field = kind.connector(type).fields.find((one) => one.kind === 'grant');
  const grantId = field && configuration[field.name];
  if (!field || grantId === undefined) return null;
  const grant = await db.oAuthGrant.findFirst({
    where: { id: Number(grantId), workspaceId: actor.workspaceId, connector: type },
  });
  const own = grant !== null && id !== null && grant.holder === holderName(kind, id);
  const given =
    grant?.holder === null && actor.identity.kind === 'user' && grant.createdById === actor.identity.userId;
  if (!grant || grant.status === 'pending' || !(own || given)) {
    const message = 'This access is not yours to use: press the button, and sign in at the vendor.';
    throw new SluiceError('input_invalid', message, { fields: { [`configuration.${field.name}`]: message } });
  }
  return own ? null : grant.id;
}

/** The same for a connection that is stored, in its transaction: from now on the grant is this connection's. */
export async function claimGrant(
  db: Connection,
  actor: Actor,
  holder: Holder & { readonly id: number },
): Promise<void> {
  const free = await assertGrant(db, actor, holder);
  if (free === null) return;
  const { count } = await db.oAuthGrant.updateMany({
    where: { id: free, holder: null },
    data: { holder: holderName(holder.kind, holder.id) },
  });
  if (count !== 1) throw new SluiceError('conflict', 'Another connection took this access meanwhile.');
}

const holderName = ({ table }: ConnectionKind, id: number): string => `${table}:${id}`;
