import { z } from '@hono/zod-openapi';
import {
  type BuildReport,
  CreateDbtProject,
  type DbtNodeView,
  type DbtProjectView,
  dbtNodeKinds,
  type ManifestReport,
  UpdateDbtProject,
} from '@sluice/domain/dbt-project';
import { looseId } from './loose.ts';
import { readOnly } from './read-only.ts';

const time = z.iso.datetime();
const count = z.number().int();

export const ManifestReportJson = z
  .object({
    applied: z.boolean().describe('Whether it was taken, or only compared.'),
    dbtVersion: z.string().nullable(),
    generatedAt: time.nullable(),
    nodes: count.describe('Models, snapshots, seeds and analyses in it.'),
    counts: z.object({ added: count, changed: count, renamed: count, removed: count }),
    added: z.array(z.string()).describe('The first 100, as are the lists below.'),
    changed: z.array(z.string()),
    renamed: z.array(z.object({ from: z.string(), to: z.string() })),
    removed: z.array(z.string()),
    models: z
      .array(
        z.object({
          id: count,
          slug: z.string(),
          name: z.string(),
          uniqueId: z.string(),
          change: z.enum(['changed', 'renamed', 'removed', 'returned']),
          problem: z.string().nullable(),
          syncs: z.array(
            z.object({
              id: count,
              slug: z.string(),
              effect: z.enum(['none', 'resync', 'broken']),
              explanation: z.string(),
              missingColumns: z.array(z.string()),
            }),
          ),
        }),
      )
      .describe('Models that follow a node which is not as it was, and what becomes of their syncs.'),
  })
  .openapi('DbtManifestReport');

export const BuildReportJson = z
  .object({
    invocationId: z.string(),
    command: z.string(),
    generatedAt: time.nullable(),
    takenAt: time,
    built: count.describe('Nodes that were built.'),
    failed: z
      .array(z.string())
      .describe('Nodes and tests that failed; any of them keeps all syncs from starting.'),
    started: z.array(z.object({ syncId: count, slug: z.string(), runId: count })),
    notStarted: z.array(z.object({ syncId: count, slug: z.string(), reason: z.string() })),
  })
  .openapi('DbtBuildReport');

export const DbtProjectJson = z
  .object({
    id: count,
    workspaceId: count,
    name: z.string(),
    slug: z.string(),
    sourceId: count,
    url: z.string().nullable().describe('Where the manifest is fetched from; null = it is sent.'),
    headerName: z
      .string()
      .nullable()
      .describe('Of the header that opens the address; its value is never answered.'),
    manifest: z
      .object({
        projectName: z.string().nullable(),
        dbtVersion: z.string().nullable(),
        schemaVersion: count,
        adapter: z.string().nullable(),
        generatedAt: time.nullable(),
        takenAt: time,
        takenBy: z.string(),
        report: ManifestReportJson,
      })
      .nullable()
      .describe('The newest one; null before the first.'),
    lastBuild: BuildReportJson.nullable(),
    nodes: count,
    models: z.array(
      z.object({ id: count, name: z.string(), uniqueId: z.string(), problem: z.string().nullable() }),
    ),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('DbtProject');

export const DbtNodeJson = z
  .object({
    id: count,
    uniqueId: z.string(),
    kind: z.enum(dbtNodeKinds),
    name: z.string(),
    description: z.string(),
    packageName: z.string(),
    path: z.string(),
    materialised: z.string(),
    relation: z.string().nullable(),
    columns: z.array(z.object({ name: z.string(), description: z.string(), type: z.string().nullable() })),
    tags: z.array(z.string()),
    exposures: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        owner: z.string().nullable(),
        url: z.string().nullable(),
      }),
    ),
    present: z.boolean().describe('Whether the newest manifest has it.'),
    problem: z.string().nullable().describe('What keeps it from being read.'),
    models: z.array(z.object({ id: count, name: z.string() })),
  })
  .openapi('DbtNode');

const answered = readOnly(
  'id',
  'workspaceId',
  'headerName',
  'manifest',
  'lastBuild',
  'nodes',
  'models',
  'createdAt',
  'updatedAt',
);
const { name, slug, url, header } = CreateDbtProject.shape;
const update = UpdateDbtProject.shape;

export const CreateDbtProjectJson = z
  .strictObject({ name, slug, sourceId: looseId, url, header, ...answered })
  .openapi('CreateDbtProject');
export const UpdateDbtProjectJson = z
  .strictObject({
    name: update.name,
    url: update.url,
    header: update.header,
    slug: z.string().optional().describe('Cannot be changed.'),
    sourceId: looseId.optional().describe('Cannot be changed.'),
    ...answered,
  })
  .openapi('UpdateDbtProject');

/** A report as JSON. */
export function reportJson(report: ManifestReport): z.infer<typeof ManifestReportJson> {
  return {
    ...report,
    generatedAt: report.generatedAt?.toISOString() ?? null,
    models: report.models.map((model) => ({
      ...model,
      syncs: model.syncs.map(({ id, slug: of, effect, explanation, missingColumns }) => ({
        id,
        slug: of,
        effect,
        explanation,
        missingColumns,
      })),
    })),
  };
}

/** A build as JSON. */
export function buildJson(build: BuildReport): z.infer<typeof BuildReportJson> {
  return {
    ...build,
    generatedAt: build.generatedAt?.toISOString() ?? null,
    takenAt: build.takenAt.toISOString(),
  };
}

/** A dbt project as JSON. */
export function dbtProjectJson(workspaceId: number, view: DbtProjectView): z.infer<typeof DbtProjectJson> {
  const { sourceName: _, sourceType: __, manifest, lastBuild, createdAt, updatedAt, ...shown } = view;
  return {
    workspaceId,
    ...shown,
    manifest: manifest && {
      ...manifest,
      generatedAt: manifest.generatedAt?.toISOString() ?? null,
      takenAt: manifest.takenAt.toISOString(),
      report: reportJson(manifest.report),
    },
    lastBuild: lastBuild && buildJson(lastBuild),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** A node as JSON. */
export const dbtNodeJson = (view: DbtNodeView): z.infer<typeof DbtNodeJson> => view;
