import { readFile } from 'node:fs/promises';
import { toJson } from '@sluice/db/json';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { BuildReport } from '@sluice/domain/dbt-project';
import { SluiceError } from '@sluice/domain/error';
import { z } from 'zod';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { syncScope } from '../sync/sync-scope.ts';
import { triggerSync } from '../sync/trigger-sync.ts';
import { buildOf, getProjectRow } from './dbt-project-view.ts';
import { artifactInvalid, parseArtifact } from './parse-artifact.ts';

/**
 * Takes the run_results.json of a dbt build that lies at `path`, and starts the syncs of the models whose nodes were
 * built; when anything in it failed, none. The same build again starts nothing. Throws `not_found`, and `input_invalid`
 * for another file or for a command that builds nothing.
 */
export async function takeRunResults(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number; path: string },
): Promise<BuildReport> {
  authorise(actor, 'sync.trigger');
  const { workspaceId } = actor;
  const { id } = input;
  await getProjectRow(ctx.db, workspaceId, id);
  const build = readRunResults(await readFile(input.path));
  const project = await getProjectRow(ctx.db, workspaceId, id);
  const last = buildOf(project.lastBuild);
  if (last?.invocationId === build.invocationId) return last;

  const { built, ...told } = build;
  const report: BuildReport = {
    ...told,
    built: built.length,
    takenAt: new Date(),
    started: [],
    notStarted: [],
  };
  const syncs = await ctx.db.sync.findMany({
    where: {
      AND: [
        { workspaceId, model: { dbtNode: { projectId: id, uniqueId: { in: built }, present: true } } },
        syncScope(actor),
      ],
    },
    select: { id: true, slug: true },
    orderBy: { id: 'asc' },
  });
  for (const { id: syncId, slug } of syncs) {
    const reason =
      build.failed.length > 0
        ? 'Something in the dbt build failed.'
        : await start(ctx, actor, syncId, report, slug);
    if (reason) report.notStarted.push({ syncId, slug, reason });
  }
  // Last: had this process died before, the same build comes again, and a sync that waits already takes it in.
  await ctx.db.$transaction(async (tx) => {
    await tx.dbtProject.updateMany({ where: { workspaceId, id }, data: { lastBuild: toJson(report) } });
    await audit(tx, actor, {
      action: 'dbt_project.build',
      subjectType: 'dbt_project',
      subjectId: id,
      subjectName: project.name,
      changes: {
        invocation: [last?.invocationId ?? null, report.invocationId],
        started: [null, report.started.map(({ slug }) => slug)],
        ...(report.failed.length > 0 && { failed: [null, report.failed] }),
      },
    });
  });
  return report;
}

/** Starts a sync; answers why it could not be. */
async function start(
  ctx: ServiceContext,
  actor: Actor,
  id: number,
  report: BuildReport,
  slug: string,
): Promise<string | null> {
  try {
    const run = await triggerSync(ctx, actor, { id, resync: 'none', ignoreGuards: false });
    report.started.push({ syncId: id, slug, runId: run.id });
    return null;
  } catch (thrown) {
    // Disabled, or removed since; what fails for another reason must not look like a build that was taken.
    if (thrown instanceof SluiceError && ['sync_disabled', 'not_found'].includes(thrown.code))
      return thrown.message;
    throw thrown;
  }
}

/** dbt 1.5 writes 4, dbt 1.8 and newer write 6: https://docs.getdbt.com/reference/artifacts/run-results-json (2026-11-22). */
const schemaVersions = [4, 5, 6];

/** Commands that make tables. `compile` and `docs generate` write the same file, with nodes that are a "success". */
const building = ['build', 'run', 'seed', 'snapshot', 'retry', 'clone'];

/** What dbt says of a node that is not a failure; any other word counts as one. */
const harmless = ['success', 'pass', 'warn', 'skipped', 'no-op', 'reused'];

const RunResults = z.object({
  metadata: z.object({ invocation_id: z.string().min(1).max(200), generated_at: z.string().nullish() }),
  args: z.object({ which: z.string() }),
  results: z.array(z.object({ unique_id: z.string(), status: z.string() })),
});

/** A report names the first failures. */
const namesMax = 100;

function readRunResults(
  bytes: Buffer,
): Pick<BuildReport, 'invocationId' | 'command' | 'generatedAt' | 'failed'> & { built: string[] } {
  const parsed = RunResults.safeParse(parseArtifact(bytes, 'run-results', schemaVersions).value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path.join('.');
    throw artifactInvalid('run-results', `The run results say nothing usable at "${at}": ${issue?.message}`);
  }
  const { metadata, args, results } = parsed.data;
  if (!building.includes(args.which)) {
    const message = `These are the results of \`dbt ${args.which}\`, which builds nothing.`;
    throw new SluiceError('input_invalid', message, {
      fields: { runResults: message },
      fix: 'Send run_results.json right after `dbt build`: every dbt command writes it anew.',
    });
  }
  const at = metadata.generated_at ? new Date(metadata.generated_at) : null;
  return {
    invocationId: metadata.invocation_id,
    command: args.which,
    generatedAt: at && Number.isNaN(at.getTime()) ? null : at,
    built: results.filter(({ status }) => status === 'success').map((result) => result.unique_id),
    failed: results
      .filter(({ status }) => !harmless.includes(status))
      .slice(0, namesMax)
      .map((result) => result.unique_id),
  };
}
