import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '@sluice/domain/error';
import { z } from 'zod';
import type { ApiClient } from '../api/api-client.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { plainText } from '../plain-text.ts';
import type { Terminal } from '../terminal.ts';

export interface PushOptions {
  /** Slug of the dbt project. */
  readonly project: string;
  readonly target: string;
  readonly trigger: boolean;
  readonly check: boolean;
  readonly json: boolean;
}

/**
 * `sluice dbt push`: sends manifest.json, and with `trigger` run_results.json too, which starts the syncs of what was
 * built. Both can be sent again without harm. Throws `input_invalid` for files that are missing, before anything is sent.
 */
export async function pushDbt(api: ApiClient, terminal: Terminal, options: PushOptions): Promise<ExitCode> {
  if (options.trigger && options.check) throw unclear();
  const manifest = await read(options.target, 'manifest.json');
  const results = options.trigger ? await read(options.target, 'run_results.json') : null;
  const [project] = await api.list(Project, '/dbt-projects', { query: { slug: options.project } });
  if (!project) {
    throw new SluiceError('not_found', `There is no dbt project "${options.project}" in this workspace.`, {
      fix: 'Create it in Sluice, on the page of its source.',
    });
  }
  const path = `/dbt-projects/${project.id}`;
  const query = { apply: String(!options.check) };
  const sent = { method: 'PUT', repeatable: true } as const;
  const report = await api.send(Report, `${path}/manifest`, { ...sent, query, body: manifest });
  const build = results && (await api.send(Build, `${path}/run-results`, { ...sent, body: results }));
  if (options.json) terminal.out(JSON.stringify({ manifest: report, build }, null, 2));
  else
    for (const line of [...linesOf(report), ...(build ? buildLines(build) : [])])
      terminal.out(plainText(line));
  return exitCodeOf(report, build);
}

const Project = z.object({ id: z.number() });
const Report = z.looseObject({
  applied: z.boolean(),
  nodes: z.number(),
  counts: z.object({
    added: z.number(),
    changed: z.number(),
    renamed: z.number(),
    removed: z.number(),
  }),
  models: z.array(
    z.looseObject({
      slug: z.string(),
      uniqueId: z.string(),
      change: z.string(),
      problem: z.string().nullable(),
      syncs: z.array(z.looseObject({ slug: z.string(), effect: z.string(), explanation: z.string() })),
    }),
  ),
});
type Report = z.infer<typeof Report>;
const Build = z.looseObject({
  built: z.number(),
  failed: z.array(z.string()),
  started: z.array(z.looseObject({ slug: z.string(), runId: z.number() })),
  notStarted: z.array(z.looseObject({ slug: z.string(), reason: z.string() })),
});
type Build = z.infer<typeof Build>;

function linesOf({ applied, nodes, counts, models }: Report): string[] {
  const { added, changed, renamed, removed } = counts;
  const lines = [
    `${applied ? 'Taken' : 'It would be taken'}: ${nodes} dbt models, ${added} added, ${changed} changed, ${renamed} renamed, ${removed} removed.`,
  ];
  for (const { slug, uniqueId, change, problem, syncs } of models) {
    lines.push(`  model ${slug}: ${uniqueId} ${change}${problem ? `. ${problem}` : ''}`);
    for (const sync of syncs)
      if (sync.effect !== 'none') lines.push(`    sync ${sync.slug}: ${sync.effect}. ${sync.explanation}`);
  }
  return lines;
}

function buildLines({ built, failed, started, notStarted }: Build): string[] {
  return [
    `The build made ${built} dbt models; ${started.length} ${started.length === 1 ? 'sync' : 'syncs'} started.`,
    ...failed.map((id) => `  failed in dbt: ${id}`),
    ...started.map(({ slug, runId }) => `  sync ${slug}: run ${runId}`),
    ...notStarted.map(({ slug, reason }) => `  sync ${slug}: not started. ${reason}`),
  ];
}

function exitCodeOf({ models }: Report, build: Build | null): ExitCode {
  if (build && build.failed.length > 0) return exitCodes.failed;
  const broken = models.some(
    ({ problem, syncs }) => problem !== null || syncs.some(({ effect }) => effect === 'broken'),
  );
  return broken || (build && build.notStarted.length > 0) ? exitCodes.warning : exitCodes.success;
}

async function read(directory: string, name: string): Promise<Blob> {
  const path = join(directory, name);
  try {
    return await openAsBlob(path);
  } catch (cause) {
    throw new SluiceError('input_invalid', `${path} cannot be read.`, {
      fix: "Name dbt's target directory with --target, after a dbt command that writes it. Nothing was sent.",
      cause,
    });
  }
}

const unclear = (): SluiceError =>
  new SluiceError('input_invalid', '--check changes nothing, so it starts nothing either.', {
    fix: 'Leave out --trigger or --check.',
  });
