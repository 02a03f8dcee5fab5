import { toJson } from '@sluice/db/json';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { ManifestReport } from '@sluice/domain/dbt-project';
import { SluiceError } from '@sluice/domain/error';
import { audit } from '../audit/record-audit.ts';
import { lockRow } from '../connection/lock-row.ts';
import type { ServiceContext } from '../context.ts';
import { retryDeadlock } from '../run/retry-deadlock.ts';
import { resumeWaiting } from '../sync-health/resume-waiting.ts';
import { assertFits } from './assert-fits.ts';
import { compareManifest, type NodeStep } from './compare-manifest.ts';
import { getProjectRow, type ProjectRow } from './dbt-project-view.ts';
import { type FollowerChange, findFollowers } from './find-followers.ts';
import { type Manifest, readManifest } from './read-manifest.ts';
import { writeNodes } from './write-nodes.ts';

/**
 * Takes a manifest.json that lies at `path`: nodes come, change, go and are renamed, and the models that follow them go
 * along. What that does to their syncs is in the answer; with `apply: false` that is all. The same manifest again
 * changes nothing. Throws `not_found`, `input_invalid` for a file that is no manifest or does not fit the source, and
 * `conflict` for one that is older than the newest.
 */
export async function takeManifest(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number; path: string; apply: boolean },
  options: { signal: AbortSignal },
): Promise<ManifestReport> {
  authorise(actor, 'model.write');
  await getProjectRow(ctx.db, actor.workspaceId, input.id);
  const manifest = await readManifest(input.path);
  for (let attempt = 1; ; attempt += 1) {
    const project = await getProjectRow(ctx.db, actor.workspaceId, input.id);
    await assertFits(ctx.db, project, manifest);
    const steps = compareManifest(await knownNodes(ctx, project), manifest.nodes);
    const followers = await findFollowers(ctx, project, steps, options);
    const report = reportOf(manifest, steps, followers, input.apply);
    if (!input.apply) return report;
    const applied = await retryDeadlock(() =>
      apply(ctx, actor, { project, manifest, steps, followers, report }),
    );
    if (!applied) {
      if (attempt < attemptsMax) continue;
      throw new SluiceError('conflict', 'Other manifests of this project were taken meanwhile.', {
        fix: 'Send it again.',
      });
    }
    for (const { id, report: follower } of followers) {
      if (follower.problem !== null) continue;
      // Not in the transaction before, which holds models: runs lock syncs first.
      await ctx.db.$transaction((tx) =>
        resumeWaiting(tx, actor, { waitsFor: ['model'], of: { modelId: id } }),
      );
    }
    return report;
  }
}

const attemptsMax = 3;
/** Some ten thousand nodes are written in seconds; the project is held meanwhile. */
const patience = { maxWait: 20_000, timeout: 120_000 } as const;

const knownNodes = (ctx: ServiceContext, { workspaceId, id }: ProjectRow) =>
  ctx.db.dbtNode.findMany({
    where: { workspaceId, projectId: id },
    select: {
      id: true,
      uniqueId: true,
      kind: true,
      path: true,
      relation: true,
      checksum: true,
      rawSql: true,
      compiledSql: true,
      materialised: true,
      fingerprint: true,
      present: true,
    },
  });

/** Writes it all or nothing; `false` when another manifest was taken since this one was compared. */
function apply(
  ctx: ServiceContext,
  actor: Actor,
  { project, manifest, steps, followers, report }: Taken,
): Promise<boolean> {
  const { workspaceId, id } = project;
  return ctx.db.$transaction(async (tx) => {
    await lockRow(tx, 'dbt_projects', workspaceId, id);
    const now = await getProjectRow(tx, workspaceId, id);
    if (now.version !== project.version) return false;
    const { schemaVersion, dbtVersion, adapter, generatedAt, projectName } = manifest;
    await tx.dbtProject.update({
      where: { id },
      data: {
        dbtName: projectName,
        dbtVersion,
        schemaVersion,
        adapter,
        generatedAt,
        takenAt: new Date(),
        takenBy: actor.identity.name,
        // The same manifest again must not hide what it has changed.
        ...((differs(report) || now.lastReport === null) && { lastReport: toJson(report) }),
        version: { increment: 1 },
      },
    });
    // Models before nodes, as somebody who edits a model locks them.
    for (const follower of followers) await lockRow(tx, 'models', workspaceId, follower.id);
    await writeNodes(tx, project, steps);
    for (const follower of followers) {
      await tx.model.updateMany({
        where: { workspaceId, id: follower.id, dbtNodeId: follower.nodeId },
        data: {
          ...(follower.columns && { columns: toJson(follower.columns) }),
          query: { queryType: 'dbt', dbtProjectId: id, uniqueId: follower.report.uniqueId },
        },
      });
      await audit(tx, actor, {
        action: 'model.follow_dbt',
        subjectType: 'model',
        subjectId: follower.id,
        subjectName: follower.report.name,
        changes: changesOf(follower),
      });
    }
    const { added, changed, renamed, removed } = report.counts;
    await audit(tx, actor, {
      action: 'dbt_project.manifest',
      subjectType: 'dbt_project',
      subjectId: id,
      subjectName: project.name,
      changes: {
        generatedAt: [now.generatedAt, generatedAt],
        ...(steps.length > 0 && { nodes: [null, { added, changed, renamed, removed }] }),
      },
    });
    return true;
  }, patience);
}

interface Taken {
  readonly project: ProjectRow;
  readonly manifest: Manifest;
  readonly steps: readonly NodeStep[];
  readonly followers: readonly FollowerChange[];
  readonly report: ManifestReport;
}

function changesOf({ before, report }: FollowerChange): Record<string, [unknown, unknown]> {
  if (report.change === 'renamed') return { 'query.uniqueId': [before, report.uniqueId] };
  return { [`dbt ${report.uniqueId}`]: [null, report.change] };
}

const differs = ({ counts }: ManifestReport): boolean => Object.values(counts).some((count) => count > 0);

/** A report is read by people: whole numbers, and the first names. */
const namesMax = 100;

function reportOf(
  manifest: Manifest,
  steps: readonly NodeStep[],
  followers: readonly FollowerChange[],
  applied: boolean,
): ManifestReport {
  const of = (...changes: NodeStep['change'][]) => steps.filter(({ change }) => changes.includes(change));
  const names = (found: NodeStep[]) =>
    found.slice(0, namesMax).map(({ node, known }) => (node ?? known)?.uniqueId ?? '');
  const [added, changed, renamed, removed] = [
    of('added', 'returned'),
    of('changed'),
    of('renamed'),
    of('removed'),
  ];
  return {
    applied,
    dbtVersion: manifest.dbtVersion,
    generatedAt: manifest.generatedAt,
    nodes: manifest.nodes.length,
    counts: {
      added: added.length,
      changed: changed.length,
      renamed: renamed.length,
      removed: removed.length,
    },
    added: names(added),
    changed: names(changed),
    renamed: renamed.slice(0, namesMax).map(({ node, known }) => ({
      from: known?.uniqueId ?? '',
      to: node?.uniqueId ?? '',
    })),
    removed: names(removed),
    models: followers.map(({ report }) => report),
  };
}
