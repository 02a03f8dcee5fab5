import { SluiceError } from './error.ts';
import type { Permission } from './permission.ts';

/** Who acts: a signed-in person, an API token, or Sluice itself (scheduler, worker). */
export type ActorIdentity =
  | { readonly kind: 'user'; readonly userId: number; readonly name: string }
  | {
      readonly kind: 'token';
      readonly tokenId: number;
      readonly name: string;
      readonly syncIds: readonly number[] | null;
    }
  | { readonly kind: 'system'; readonly name: string };

/** Whoever calls a use case, in the one workspace they act in. The workspace never comes from input. */
export interface Actor {
  readonly identity: ActorIdentity;
  readonly workspaceId: number;
  readonly permissions: ReadonlySet<Permission>;
  /** Ties log lines and audit entries to a request. */
  readonly requestId: string;
}

/** A signed-in person outside any workspace: account settings, creating a workspace, accepting an invitation. */
export interface Person {
  readonly userId: number;
  readonly name: string;
  readonly email: string;
  readonly requestId: string;
}

/** Throws `forbidden` unless the actor has the permission. */
export function authorise(actor: Actor, permission: Permission): void {
  if (actor.permissions.has(permission)) return;
  throw new SluiceError('forbidden', `${actor.identity.name} may not do this (${permission}).`);
}
