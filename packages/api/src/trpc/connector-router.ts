import { listDestinationConnectors, listSourceConnectors } from '@sluice/services/connector/list-connectors';
import { router, workspaceProcedure } from './procedure.ts';

/** The catalogue: what can be connected, and which fields each connection has. */
export const connectorRouter = router({
  sources: workspaceProcedure('catalog.read').query(({ ctx }) =>
    listSourceConnectors(ctx.services, ctx.actor),
  ),
  destinations: workspaceProcedure('catalog.read').query(({ ctx }) =>
    listDestinationConnectors(ctx.services, ctx.actor),
  ),
});
