import { isDeepStrictEqual } from 'node:util';
import type { Connection } from '@sluice/db/client';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { Column } from '@sluice/domain/column';
import type { RolloutChoice } from '@sluice/domain/edit-effect';
import type { ModelImpact, ModelImpactInput } from '@sluice/domain/model';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { describeQuery } from './describe-query.ts';
import { getModel } from './get-model.ts';

/**
 * What saving a change of the query or the primary key would do to each sync of the model. Nothing is changed. A
 * draft of the query is described at the source, which needs the right to preview. Throws `not_found` and what the
 * query throws.
 */
export async function modelImpact(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof ModelImpactInput>,
  options: { signal: AbortSignal },
): Promise<ModelImpact> {
  authorise(actor, 'model.read');
  const { workspaceId } = actor;
  const model = await getModel(ctx, actor, input);
  const queryChanged = input.query !== undefined && !isDeepStrictEqual(input.query, model.query);
  let columns = model.columns;
  if (input.query && queryChanged) {
    authorise(actor, 'model.preview');
    const { query } = input;
    const place = { workspaceId, sourceId: model.sourceId, ...options };
    columns = await ctx.limits.run('preview', workspaceId, () => describeQuery(ctx, place, query));
  }
  const change = {
    before: model.columns,
    after: columns,
    primaryKey: input.primaryKey ?? model.primaryKey,
    keyChanged: input.primaryKey !== undefined && input.primaryKey !== model.primaryKey,
    queryChanged,
  };
  return { syncs: await impactOnSyncs(ctx.db, { workspaceId, id: model.id }, change) };
}

/** What a change of a model does to each of its syncs. */
export async function impactOnSyncs(
  db: Connection,
  model: { workspaceId: number; id: number },
  change: ModelChange,
): Promise<ModelImpact['syncs']> {
  const syncs = await db.sync.findMany({
    where: { workspaceId: model.workspaceId, modelId: model.id },
    select: { id: true, slug: true, referencedColumns: true, ledgerRows: true },
    orderBy: { id: 'asc' },
  });
  return syncs.map(({ id, slug, referencedColumns, ledgerRows }) => ({
    id,
    slug,
    ledgerRows,
    choices: choicesOf(change, referencedColumns, ledgerRows),
    ...effectOf(change, referencedColumns),
  }));
}

interface ModelChange {
  readonly before: readonly Column[];
  readonly after: readonly Column[];
  readonly primaryKey: string;
  readonly keyChanged: boolean;
  readonly queryChanged: boolean;
}

type Effect = Omit<ModelImpact['syncs'][number], 'id' | 'slug' | 'ledgerRows' | 'choices'>;

/** Where columns come to a sync that may use each of them, rows need not be sent again for that. */
function choicesOf(change: ModelChange, referenced: readonly string[], ledgerRows: number): RolloutChoice[] {
  if (ledgerRows === 0 || change.keyChanged || !referenced.includes('*') || !onlyAdds(change)) return [];
  return [
    {
      rollout: 'backfill',
      label: 'Send all rows again',
      explanation: 'The next run sends all known rows with the new columns, changed or not.',
    },
    {
      rollout: 'from_now',
      label: 'Only from now on',
      explanation: 'A row is sent with the new columns when it changes the next time.',
    },
  ];
}

/** Whether columns come and none goes. */
export function onlyAdds({ before, after }: Pick<ModelChange, 'before' | 'after'>): boolean {
  const names = new Set(after.map(({ name }) => name));
  return after.length > before.length && before.length > 0 && before.every(({ name }) => names.has(name));
}

/** Decides for one sync. Where the columns were never read, nothing is known to be missing. */
function effectOf(change: ModelChange, referenced: readonly string[]): Effect {
  const names = new Set(change.after.map(({ name }) => name));
  const used = [...new Set([change.primaryKey, ...referenced.filter((name) => name !== '*')])];
  const missingColumns = names.size === 0 ? [] : used.filter((name) => !names.has(name));
  if (missingColumns.length > 0) {
    return {
      effect: 'broken',
      explanation: `Its next run fails: ${list(missingColumns)} ${
        missingColumns.length === 1 ? 'is' : 'are'
      } no longer in the result. Nothing is sent or removed until that is put right.`,
      missingColumns,
    };
  }
  if (change.keyChanged) {
    return {
      effect: 'resync',
      explanation: `With "${change.primaryKey}" as primary key every row looks new: the next run sends all rows again, and rows that left the model since the last run are not removed.`,
      missingColumns,
    };
  }
  if (referenced.includes('*') && change.before.length > 0 && !sameNames(change.before, change.after)) {
    return {
      effect: 'resync',
      explanation:
        'It may use every column, and the columns change: the next run sends all rows again as changed.',
      missingColumns,
    };
  }
  const explanation = change.queryChanged
    ? 'The next run compares the new result with what was delivered, and sends only what differs.'
    : 'Nothing changes for this sync.';
  return { effect: 'none', explanation, missingColumns };
}

function sameNames(before: readonly Column[], after: readonly Column[]): boolean {
  return isDeepStrictEqual(before.map(({ name }) => name).sort(), after.map(({ name }) => name).sort());
}

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
