import type { Actor, Person } from '@sluice/domain/actor';
import type { ServiceContext } from '@sluice/services/context';
import { resolveActor } from '@sluice/services/session/resolve-actor';
import { resolveSession, type SessionClaim } from '@sluice/services/session/resolve-session';

/** What every procedure is given. `person` and `actor` are resolved once per request, however many calls it batches. */
export interface Context {
  readonly services: ServiceContext;
  readonly requestId: string;
  /** Address of the client, for rate limits. */
  readonly address: string;
  /** Throws `unauthenticated`. */
  person(): Promise<Person>;
  /** The person in the workspace that the console names; throws `unauthenticated` or `not_found`. */
  actor(): Promise<Actor>;
}

/** Makes the context of one request. Who acts comes from the session, never from input. */
export function createContext(request: {
  session: SessionClaim | null;
  workspaceSlug: string | null;
  requestId: string;
  address: string;
  services: ServiceContext;
}): Context {
  const { services, requestId, address } = request;
  let person: Promise<Person> | undefined;
  let actor: Promise<Actor> | undefined;
  const getPerson = () => {
    person ??= resolveSession(services, request.session, requestId);
    return person;
  };
  const getActor = () => {
    actor ??= getPerson().then((found) => resolveActor(services, found, request.workspaceSlug));
    return actor;
  };
  return { services, requestId, address, person: getPerson, actor: getActor };
}
