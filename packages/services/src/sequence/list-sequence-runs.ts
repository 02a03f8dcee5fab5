import { type Actor, authorise } from '@sluice/domain/actor';
import type { Page } from '@sluice/domain/page';
import type { ListSequenceRuns, SequenceRunView } from '@sluice/domain/sequence';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { integerCursor } from '../run/integer-cursor.ts';
import { getSequenceRow } from './get-sequence.ts';
import { sequenceRunScope } from './sequence-scope.ts';
import { sequenceRunInclude, viewSequenceRuns } from './view-sequence-runs.ts';

/** Runs of one sequence, newest first. Throws `not_found` for a sequence of another workspace. */
export async function listSequenceRuns(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: z.output<typeof ListSequenceRuns>,
): Promise<Page<SequenceRunView>> {
  authorise(actor, 'run.read');
  await getSequenceRow(ctx.db, actor, input.sequenceId);
  const before = integerCursor(input.cursor);
  const rows = await ctx.db.sequenceRun.findMany({
    where: {
      AND: [
        sequenceRunScope(actor),
        { sequenceId: input.sequenceId },
        before === null ? {} : { number: { lt: before } },
      ],
    },
    include: sequenceRunInclude,
    orderBy: { number: 'desc' },
    take: input.limit + 1,
  });
  const shown = rows.slice(0, input.limit);
  const last = shown.at(-1);
  return {
    items: await viewSequenceRuns(ctx.db, actor.workspaceId, shown),
    nextCursor: rows.length > input.limit && last ? String(last.number) : null,
  };
}
