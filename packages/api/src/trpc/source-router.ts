import { CheckConnection, CreateConnection, UpdateConnection } from '@sluice/domain/connection';
import { FindTable, SearchColumns } from '@sluice/domain/source-schema';
import { checkSource } from '@sluice/services/source/check-source';
import { createSource } from '@sluice/services/source/create-source';
import { findTable } from '@sluice/services/source/find-table';
import { getSource } from '@sluice/services/source/get-source';
import { listSources } from '@sluice/services/source/list-sources';
import { outlineSchema } from '@sluice/services/source/outline-schema';
import { removePlannerTables } from '@sluice/services/source/remove-planner-tables';
import { removeSource } from '@sluice/services/source/remove-source';
import { searchColumns } from '@sluice/services/source/search-columns';
import { updateSource } from '@sluice/services/source/update-source';
import { z } from 'zod';
import { IdInput } from './id-input.ts';
import { router, workspaceProcedure } from './procedure.ts';
import { requestSignal } from './request-signal.ts';

const read = workspaceProcedure('source.read');
const write = workspaceProcedure('source.write');

/** Sources: where rows come from. */
export const sourceRouter = router({
  list: read.query(({ ctx }) => listSources(ctx.services, ctx.actor)),
  get: read.input(IdInput).query(({ ctx, input }) => getSource(ctx.services, ctx.actor, input)),
  create: write
    .input(CreateConnection)
    .mutation(({ ctx, input }) => createSource(ctx.services, ctx.actor, input)),
  update: write
    .input(UpdateConnection)
    .mutation(({ ctx, input }) => updateSource(ctx.services, ctx.actor, input)),
  remove: write.input(IdInput).mutation(({ ctx, input }) => removeSource(ctx.services, ctx.actor, input)),
  check: write
    .input(CheckConnection)
    .mutation(({ ctx, input, signal }) => checkSource(ctx.services, ctx.actor, input, requestSignal(signal))),
  removePlannerTables: write
    .input(IdInput)
    .mutation(({ ctx, input, signal }) =>
      removePlannerTables(ctx.services, ctx.actor, input, requestSignal(signal)),
    ),
  schema: read
    .input(IdInput.extend({ refresh: z.boolean().optional() }))
    .query(({ ctx, input, signal }) => outlineSchema(ctx.services, ctx.actor, input, requestSignal(signal))),
  table: read
    .input(FindTable)
    .query(({ ctx, input, signal }) => findTable(ctx.services, ctx.actor, input, requestSignal(signal))),
  searchColumns: read
    .input(SearchColumns)
    .query(({ ctx, input, signal }) => searchColumns(ctx.services, ctx.actor, input, requestSignal(signal))),
});
