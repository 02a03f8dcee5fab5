import { ResumeSync } from '@sluice/domain/sync-health';
import { listMissedSchedules } from '@sluice/services/schedule/list-missed-schedules';
import { pauseSync } from '@sluice/services/sync-health/pause-sync';
import { resumeSync } from '@sluice/services/sync-health/resume-sync';
import { IdInput } from './id-input.ts';
import { workspaceProcedure } from './procedure.ts';

const trigger = workspaceProcedure('sync.trigger');

/** The procedures about a sync's schedule: whether it holds still, and what it missed. Part of the sync router. */
export const syncHealthProcedures = {
  pause: trigger.input(IdInput).mutation(({ ctx, input }) => pauseSync(ctx.services, ctx.actor, input)),
  resume: trigger.input(ResumeSync).mutation(({ ctx, input }) => resumeSync(ctx.services, ctx.actor, input)),
  missed: workspaceProcedure('sync.read')
    .input(IdInput)
    .query(({ ctx, input }) => listMissedSchedules(ctx.services, ctx.actor, input)),
};
