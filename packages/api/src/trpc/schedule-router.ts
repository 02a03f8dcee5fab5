import { Schedule } from '@sluice/domain/schedule';
import { previewSchedule } from '@sluice/services/schedule/preview-schedule';
import { z } from 'zod';
import { router, workspaceProcedure } from './procedure.ts';

/** Schedules before they are saved. */
export const scheduleRouter = router({
  preview: workspaceProcedure('catalog.read')
    .input(z.strictObject({ schedule: Schedule }))
    .query(({ ctx, input }) => previewSchedule(ctx.actor, input)),
});
