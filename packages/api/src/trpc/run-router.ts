import { Id } from '@sluice/domain/id';
import { ListRowHistory } from '@sluice/domain/row-history';
import { GetRunRow, ListRunRows, ListRuns } from '@sluice/domain/run';
import { cancelRun } from '@sluice/services/run/cancel-run';
import { followRun } from '@sluice/services/run/follow-run';
import { getRun } from '@sluice/services/run/get-run';
import { getRunRow } from '@sluice/services/run/get-run-row';
import { listEvents } from '@sluice/services/run/list-events';
import { listReasons } from '@sluice/services/run/list-reasons';
import { listRowHistory } from '@sluice/services/run/list-row-history';
import { listRunRows } from '@sluice/services/run/list-run-rows';
import { listRuns } from '@sluice/services/run/list-runs';
import { tracked } from '@trpc/server';
import { z } from 'zod';
import { IdInput } from './id-input.ts';
import { router, workspaceProcedure } from './procedure.ts';
import { requestSignal } from './request-signal.ts';
import { runRepairProcedures } from './run-repair-procedures.ts';

const read = workspaceProcedure('run.read');
const readRows = workspaceProcedure('run.rows');

const RunInput = z.strictObject({ runId: Id });
const ListEvents = RunInput.extend({
  after: z.number().int().min(0).optional(),
  limit: z.number().int().min(1).max(1_000).optional(),
});
const FollowRun = RunInput.extend({
  /** Sent by the browser when it connects again: the position it had reached. */
  lastEventId: z.string().max(20).regex(/^\d+$/).nullish(),
});

/** Runs: what happened, row by row, and what is happening. */
export const runRouter = router({
  ...runRepairProcedures,
  list: read.input(ListRuns).query(({ ctx, input }) => listRuns(ctx.services, ctx.actor, input)),
  get: read.input(IdInput).query(({ ctx, input }) => getRun(ctx.services, ctx.actor, input)),
  cancel: workspaceProcedure('sync.trigger')
    .input(IdInput)
    .mutation(({ ctx, input }) => cancelRun(ctx.services, ctx.actor, input)),
  rows: readRows.input(ListRunRows).query(({ ctx, input }) => listRunRows(ctx.services, ctx.actor, input)),
  row: readRows.input(GetRunRow).query(({ ctx, input }) => getRunRow(ctx.services, ctx.actor, input)),
  history: readRows
    .input(ListRowHistory)
    .query(({ ctx, input }) => listRowHistory(ctx.services, ctx.actor, input)),
  reasons: read.input(RunInput).query(({ ctx, input }) => listReasons(ctx.services, ctx.actor, input)),
  events: read.input(ListEvents).query(({ ctx, input }) => listEvents(ctx.services, ctx.actor, input)),
  follow: read.input(FollowRun).subscription(async function* ({ ctx, input, signal }) {
    const after = Number(input.lastEventId ?? 0);
    const stop = requestSignal(signal).signal;
    for await (const followed of followRun(ctx.services, ctx.actor, { runId: input.runId, after }, stop)) {
      yield tracked(String(followed.position), followed.item);
    }
  }),
});
