import { CheckConnection, CreateConnection, UpdateDestination } from '@sluice/domain/connection';
import { DestinationEffectInput } from '@sluice/domain/edit-effect';
import { checkDestination } from '@sluice/services/destination/check-destination';
import { createDestination } from '@sluice/services/destination/create-destination';
import { effectOfMove } from '@sluice/services/destination/effect-of-move';
import { getDestination } from '@sluice/services/destination/get-destination';
import { getObject } from '@sluice/services/destination/get-object';
import { listDestinations } from '@sluice/services/destination/list-destinations';
import { listObjects } from '@sluice/services/destination/list-objects';
import { removeDestination } from '@sluice/services/destination/remove-destination';
import { updateDestination } from '@sluice/services/destination/update-destination';
import { z } from 'zod';
import { IdInput } from './id-input.ts';
import { router, workspaceProcedure } from './procedure.ts';
import { requestSignal } from './request-signal.ts';

const read = workspaceProcedure('destination.read');
const write = workspaceProcedure('destination.write');

/** Destinations: where records go, and what can be written there. */
export const destinationRouter = router({
  list: read.query(({ ctx }) => listDestinations(ctx.services, ctx.actor)),
  get: read.input(IdInput).query(({ ctx, input }) => getDestination(ctx.services, ctx.actor, input)),
  create: write
    .input(CreateConnection)
    .mutation(({ ctx, input }) => createDestination(ctx.services, ctx.actor, input)),
  update: write
    .input(UpdateDestination)
    .mutation(({ ctx, input }) => updateDestination(ctx.services, ctx.actor, input)),
  effectOf: write
    .input(DestinationEffectInput)
    .mutation(({ ctx, input }) => effectOfMove(ctx.services, ctx.actor, input)),
  remove: write
    .input(IdInput)
    .mutation(({ ctx, input }) => removeDestination(ctx.services, ctx.actor, input)),
  check: write
    .input(CheckConnection)
    .mutation(({ ctx, input, signal }) =>
      checkDestination(ctx.services, ctx.actor, input, requestSignal(signal)),
    ),
  objects: read
    .input(IdInput.extend({ refresh: z.boolean().optional() }))
    .query(({ ctx, input, signal }) => listObjects(ctx.services, ctx.actor, input, requestSignal(signal))),
  object: read
    .input(IdInput.extend({ object: z.string().min(1).max(400), refresh: z.boolean().optional() }))
    .query(({ ctx, input, signal }) => getObject(ctx.services, ctx.actor, input, requestSignal(signal))),
});
