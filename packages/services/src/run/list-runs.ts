import { type Actor, authorise } from '@sluice/domain/actor';
import type { Page } from '@sluice/domain/page';
import type { ListRuns, RunView } from '@sluice/domain/run';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { integerCursor } from './integer-cursor.ts';
import { runScope } from './run-scope.ts';
import { runSelect, runView } from './run-view.ts';

/** Runs of the workspace, newest first. */
export async function listRuns(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof ListRuns>,
): Promise<Page<RunView>> {
  authorise(actor, 'run.read');
  const before = integerCursor(input.cursor);
  const rows = await ctx.db.run.findMany({
    where: {
      AND: [
        runScope(actor),
        input.syncId === undefined ? {} : { syncId: input.syncId },
        input.status?.length ? { status: { in: input.status } } : {},
        before === null ? {} : { id: { lt: before } },
      ],
    },
    orderBy: { id: 'desc' },
    take: input.limit + 1,
    select: runSelect,
  });
  const items = rows.slice(0, input.limit);
  const last = items.at(-1);
  return {
    items: items.map(runView),
    nextCursor: rows.length > input.limit && last ? String(last.id) : null,
  };
}
