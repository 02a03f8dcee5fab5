import type { Actor } from '@sluice/domain/actor';
import type { ServiceContext } from '@sluice/services/context';

/** What every REST route is given: who acts was decided before the route was chosen. */
export interface RestEnv {
  Bindings: {
    readonly services: ServiceContext;
    readonly actor: Actor;
    readonly requestId: string;
    /** The client compares fields that the contract does not have (`known-client.ts`). */
    readonly readsCopies: boolean;
    /** Takes the pattern of the route that answered, for metrics. */
    readonly matched: { route: string };
  };
}
