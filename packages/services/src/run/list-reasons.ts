import { type Actor, authorise } from '@sluice/domain/actor';
import type { RejectionReason } from '@sluice/domain/run';
import type { ServiceContext } from '../context.ts';
import { getRun } from './get-run.ts';
import { messageOfReason, reasonOf } from './reason.ts';

const reasonsMax = 200;

/**
 * Rejected rows, and rows that may or may not have arrived, by reason, most frequent first; at most 200 reasons.
 * Examples are keys, which only those may see who may see rows. Throws `not_found`.
 */
export async function listReasons(
  ctx: ServiceContext,
  actor: Actor,
  input: { runId: number },
): Promise<RejectionReason[]> {
  authorise(actor, 'run.read');
  await getRun(ctx, actor, { id: input.runId });
  const rows = await ctx.db.$queryRaw<Omit<RejectionReason, 'reason'>[]>`
    select outcome, code, ${messageOfReason} as message, count(*)::int as count,
      (array_agg(key order by seq))[1:3] as examples
    from run_exceptions
    where run_id = ${input.runId} and workspace_id = ${actor.workspaceId} and outcome in ('rejected', 'uncertain')
    group by 1, 2, 3 order by 4 desc, 2, 3, 1 limit ${reasonsMax}`;
  const mayRead = actor.permissions.has('run.rows');
  return rows.map((row) => ({
    ...row,
    examples: mayRead ? row.examples : [],
    reason: reasonOf(row.code, row.message),
  }));
}
