import type { SourceConnection } from '@sluice/connectors/kit/source';
import type { Column } from '@sluice/domain/column';
import type { FollowerReport } from '@sluice/domain/dbt-project';
import { toSluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '../context.ts';
import { describeAt } from '../model/describe-query.ts';
import { impactOnSyncs } from '../model/model-impact.ts';
import { querySource } from '../source/query-source.ts';
import type { NodeStep } from './compare-manifest.ts';
import type { ProjectRow } from './dbt-project-view.ts';
import { problemOfNode, queryOfNode } from './node-query.ts';

/** A model that follows a node which is not as it was. */
export interface FollowerChange {
  readonly id: number;
  readonly nodeId: number;
  /** What its node was called. */
  readonly before: string;
  /** As the source has them now; `null` = not known. */
  readonly columns: Column[] | null;
  readonly report: FollowerReport;
}

/**
 * The models that a manifest touches, in the order of their ids, and what becomes of their syncs. Columns are asked of the
 * source, not of the manifest, where a team documents what it likes. A source that does not answer stops nothing.
 */
export async function findFollowers(
  ctx: ServiceContext,
  project: ProjectRow,
  steps: readonly NodeStep[],
  options: { signal: AbortSignal },
): Promise<FollowerChange[]> {
  const { workspaceId, sourceId } = project;
  const touched = new Map(
    steps.flatMap((step) => (step.known && isShown(step.change) ? [[step.known.id, step] as const] : [])),
  );
  const models = await ctx.db.model.findMany({
    where: { workspaceId, dbtNode: { projectId: project.id } },
    orderBy: { id: 'asc' },
  });
  const followers = models.flatMap((model) => {
    const step = touched.get(model.dbtNodeId ?? 0);
    return step ? [{ model, step }] : [];
  });
  if (followers.length === 0) return [];

  const reports = (connection: SourceConnection | null, why: string | null) =>
    mapInOrder(followers, (follower) => changeOf(ctx, follower, connection, why));
  const readable = followers.some(({ step }) => readableNode(step) !== null);
  if (!readable) return reports(null, null);
  try {
    return await querySource(ctx, { workspaceId, sourceId, ...options }, (connection) =>
      reports(connection, null),
    );
  } catch (thrown) {
    if (options.signal.aborted) throw thrown;
    return reports(null, toSluiceError(thrown).message);
  }
}

type Shown = FollowerReport['change'];
const shown: readonly string[] = ['changed', 'renamed', 'removed', 'returned'] satisfies Shown[];
const isShown = (change: NodeStep['change']): change is Shown => shown.includes(change);

interface Follower {
  readonly step: NodeStep;
  readonly model: {
    id: number;
    workspaceId: number;
    slug: string;
    name: string;
    primaryKey: string;
    columns: unknown;
  };
}

async function changeOf(
  ctx: ServiceContext,
  { model, step }: Follower,
  connection: SourceConnection | null,
  unreachable: string | null,
): Promise<FollowerChange> {
  const { change, known, node } = step;
  if (!known || !isShown(change)) throw new Error('a follower of a node that was not known');
  const uniqueId = node?.uniqueId ?? known.uniqueId;
  const stays = readableNode(step);
  const problem = stays ? null : problemOfNode({ ...(node ?? known), uniqueId, present: node !== null });
  const described = stays && connection ? await describe(connection, stays) : null;
  const columns = described && 'columns' in described ? described.columns : null;
  const unread = described && 'why' in described ? described.why : unreachable;
  const before = model.columns as Column[];
  const syncs = await impactOnSyncs(ctx.db, model, {
    before,
    after: columns ?? before,
    primaryKey: model.primaryKey,
    keyChanged: false,
    queryChanged: true,
  });
  const gone = problem && `Its runs fail until this is mended: nothing is sent or removed. ${problem.fix}`;
  return {
    id: model.id,
    nodeId: known.id,
    before: known.uniqueId,
    columns,
    report: {
      id: model.id,
      slug: model.slug,
      name: model.name,
      uniqueId,
      change,
      problem: problem?.message ?? (unread && `Its columns could not be read: ${unread}`),
      syncs: gone
        ? syncs.map((sync) => ({ ...sync, effect: 'broken', explanation: gone, choices: [] }))
        : syncs,
    },
  };
}

/** The node as it will be; `null` when it cannot be read any more. */
function readableNode({ node }: NodeStep) {
  if (!node) return null;
  const next = { ...node, present: true };
  return problemOfNode(next) ? null : next;
}

async function describe(
  connection: SourceConnection,
  node: NonNullable<ReturnType<typeof readableNode>>,
): Promise<{ columns: Column[] } | { why: string }> {
  try {
    return { columns: await describeAt(connection, queryOfNode(node)) };
  } catch (thrown) {
    return { why: toSluiceError(thrown).message };
  }
}

/** One after the other: a connection answers one question at a time. */
async function mapInOrder<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
