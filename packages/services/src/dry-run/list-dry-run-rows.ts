import { type Actor, authorise } from '@sluice/domain/actor';
import type { DryRunRow, ListDryRunRows } from '@sluice/domain/dry-run';
import { SluiceError } from '@sluice/domain/error';
import type { Page } from '@sluice/domain/page';
import { compileDryRunRow } from '@sluice/engine/look/field-changes';
import { runVariables } from '@sluice/engine/map/run-variables';
import { readPlanRows } from '@sluice/engine/plan/plan-reader';
import type { StoredPlan } from '@sluice/engine/ports';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { integerCursor } from '../run/integer-cursor.ts';
import { syncScope } from '../sync/sync-scope.ts';
import { DryRunSpecification } from './keep-dry-run.ts';

/**
 * Rows of a dry run in the order of its plan, each field as it was and as it would be, by class, beginning of the primary
 * key, or field that changes. Throws `not_found` for a dry run that is older than a day, `input_invalid` for a field
 * that is not mapped from a column.
 */
export async function listDryRunRows(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof ListDryRunRows>,
): Promise<Page<DryRunRow>> {
  authorise(actor, 'run.rows');
  const kept = await ctx.db.dryRun.findFirst({ where: { id: input.id, workspaceId: actor.workspaceId } });
  const limits = syncScope(actor).id?.in;
  if (!kept || (limits && !limits.includes(kept.syncId ?? 0))) {
    throw new SluiceError('not_found', 'There is no such dry run; they are kept for a day.');
  }
  const specification = DryRunSpecification.parse(kept.specification);
  const { configuration } = specification;
  const show = compileDryRunRow(configuration, runVariables(specification));
  const file = await ctx.blobs.read((kept.plan as unknown as StoredPlan).blobKey);
  try {
    const changes = await readPlanRows(file.path, {
      afterSeq: integerCursor(input.cursor) ?? 0,
      limit: input.limit + 1,
      ...(input.class && { class: input.class }),
      ...(input.search && { keyPrefix: input.search }),
      ...(input.field !== undefined && { changedColumn: columnOf(configuration, input.field) }),
    });
    const items = changes.slice(0, input.limit).map(show);
    const last = items.at(-1);
    return ctx.secrets.redactDeep({
      items,
      nextCursor: changes.length > input.limit && last ? String(last.seq) : null,
    });
  } finally {
    await file.release();
  }
}

/** The column behind a field; where nothing is mapped, fields are columns. */
function columnOf({ mappings, matchKey }: DryRunSpecification['configuration'], field: string): string {
  if (mappings.length === 0) return field;
  const mapping = mappings.find(({ to }) => to === field);
  if (mapping?.type === 'column') return mapping.from;
  if (!mapping && matchKey?.to === field) return matchKey.from;
  const message = `"${field}" is not mapped from a column, so rows cannot be picked by it.`;
  throw new SluiceError('input_invalid', message, { fields: { field: message } });
}
