import type { Actor } from '@sluice/domain/actor';
import type { ChangeClass } from '@sluice/domain/change';
import { SluiceError } from '@sluice/domain/error';
import type { Page } from '@sluice/domain/page';
import type { ListRunRows, RunRow } from '@sluice/domain/run';
import { readPlanRows } from '@sluice/engine/plan/plan-reader';
import type { StoredPlan } from '@sluice/engine/ports';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { integerCursor } from './integer-cursor.ts';
import { loadPlan, type PlannedRun } from './load-plan.ts';
import { messageOfReason, reasonHash } from './reason.ts';
import { rowOutcomes } from './row-outcomes.ts';

type Input = z.output<typeof ListRunRows>;

/** A page looks at this many rows of the plan at most; it may then be short and still have a next page. */
const looksMax = 40;
const lookRows = 5_000;

/**
 * Rows of a run in the order of the plan, by beginning of the primary key, class, outcome or reason. Rejected and
 * uncertain rows come from Postgres, all others from the plan file. Throws `not_found`, `plan_missing`.
 */
export async function listRunRows(ctx: ServiceContext, actor: Actor, input: Input): Promise<Page<RunRow>> {
  const run = await loadPlan(ctx, actor, input.runId);
  const afterSeq = integerCursor(input.cursor) ?? 0;
  if (input.outcome === 'rejected' || input.outcome === 'uncertain' || input.reason !== undefined) {
    return listExceptions(ctx, run, input, afterSeq);
  }
  if (!run.plan || run.plan.size === 0) return { items: [], nextCursor: null };
  return listPlanned(ctx, run, run.plan, input, afterSeq);
}

async function listExceptions(
  ctx: ServiceContext,
  run: PlannedRun,
  input: Input,
  afterSeq: number,
): Promise<Page<RunRow>> {
  const hash = input.reason === undefined ? null : reasonHash(input.reason);
  if (input.reason !== undefined && hash === null) {
    throw new SluiceError('input_invalid', 'There is no such reason.', {
      fields: { reason: 'Take the reason from the list of reasons.' },
    });
  }
  const prefix = input.search ? `${input.search.replaceAll(/[\\%_]/g, '\\$&')}%` : null;
  const rows = await ctx.db.$queryRaw<RunRow[]>`
    select seq, key, class, outcome, code, message from run_exceptions
    where run_id = ${run.id} and workspace_id = ${run.workspaceId} and seq > ${afterSeq}
      and (${input.outcome ?? null}::text is null or outcome = ${input.outcome ?? null})
      and (${input.class ?? null}::text is null or class = ${input.class ?? null})
      and (${hash}::text is null or (outcome in ('rejected', 'uncertain') and md5(code || chr(10) || ${messageOfReason}) = ${hash}))
      and (${prefix}::text is null or key like ${prefix})
    order by seq limit ${input.limit + 1}`;
  return pageOf(rows, input.limit);
}

async function listPlanned(
  ctx: ServiceContext,
  run: PlannedRun,
  plan: StoredPlan,
  input: Input,
  afterSeq: number,
): Promise<Page<RunRow>> {
  const file = await ctx.blobs.read(plan.blobKey);
  const found: RunRow[] = [];
  let position = afterSeq;
  try {
    for (let look = 0; look < looksMax; look += 1) {
      const limit = input.outcome ? lookRows : input.limit + 1;
      const changes = await readPlanRows(file.path, {
        afterSeq: position,
        limit,
        ...(input.search && { keyPrefix: input.search }),
        ...(input.class && { class: input.class as ChangeClass }),
      });
      const rows = await rowOutcomes(ctx, run, changes);
      found.push(...rows.filter((row) => !input.outcome || row.outcome === input.outcome));
      if (found.length > input.limit || changes.length < limit) return pageOf(found, input.limit);
      position = changes.at(-1)?.seq ?? position;
    }
    return { items: found, nextCursor: String(position) };
  } finally {
    await file.release();
  }
}

function pageOf(rows: readonly RunRow[], limit: number): Page<RunRow> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? String(last.seq) : null };
}
