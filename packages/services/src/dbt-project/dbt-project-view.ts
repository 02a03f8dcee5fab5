import type { Connection } from '@sluice/db/client';
import type { BuildReport, DbtProjectView, ManifestReport } from '@sluice/domain/dbt-project';
import { SluiceError } from '@sluice/domain/error';
import { problemOfNode, type ReadableNode } from './node-query.ts';

/** What a project is loaded with to be shown. */
export const projectInclude = {
  source: { select: { name: true, type: true } },
  _count: { select: { nodes: { where: { present: true } } } },
  nodes: {
    where: { models: { some: {} } },
    select: {
      uniqueId: true,
      relation: true,
      compiledSql: true,
      present: true,
      models: { select: { id: true, name: true }, orderBy: { id: 'asc' } },
    },
    orderBy: { id: 'asc' },
  },
} as const;

export interface ProjectRow {
  id: number;
  workspaceId: number;
  sourceId: number;
  name: string;
  slug: string;
  url: string | null;
  headerName: string | null;
  header: string | null;
  dbtName: string | null;
  dbtVersion: string | null;
  schemaVersion: number | null;
  adapter: string | null;
  generatedAt: Date | null;
  takenAt: Date | null;
  takenBy: string | null;
  lastReport: unknown;
  lastBuild: unknown;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

interface ShownRow extends ProjectRow {
  source: { name: string; type: string };
  _count: { nodes: number };
  nodes: (ReadableNode & { models: { id: number; name: string }[] })[];
}

/** A project with its newest manifest and the models that follow it. The header's value never leaves. */
export function dbtProjectView(row: ShownRow): DbtProjectView {
  const { id, name, slug, sourceId, url, headerName, createdAt, updatedAt } = row;
  return {
    id,
    name,
    slug,
    sourceId,
    sourceName: row.source.name,
    sourceType: row.source.type,
    url,
    headerName,
    manifest: manifestOf(row),
    lastBuild: buildOf(row.lastBuild),
    nodes: row._count.nodes,
    models: row.nodes.flatMap((node) =>
      node.models.map((model) => ({
        ...model,
        uniqueId: node.uniqueId,
        problem: problemOfNode(node)?.message ?? null,
      })),
    ),
    createdAt,
    updatedAt,
  };
}

function manifestOf(row: ShownRow): DbtProjectView['manifest'] {
  if (!row.takenAt || row.schemaVersion === null) return null;
  const report = row.lastReport as Omit<ManifestReport, 'generatedAt'>;
  return {
    projectName: row.dbtName,
    dbtVersion: row.dbtVersion,
    schemaVersion: row.schemaVersion,
    adapter: row.adapter,
    generatedAt: row.generatedAt,
    takenAt: row.takenAt,
    takenBy: row.takenBy ?? '',
    report: { ...report, generatedAt: row.generatedAt },
  };
}

/** A stored build, with its times as such. */
export function buildOf(stored: unknown): BuildReport | null {
  if (!stored) return null;
  const build = stored as Omit<BuildReport, 'generatedAt' | 'takenAt'> & {
    generatedAt: string | null;
    takenAt: string;
  };
  return {
    ...build,
    generatedAt: build.generatedAt === null ? null : new Date(build.generatedAt),
    takenAt: new Date(build.takenAt),
  };
}

/** The project of this workspace; throws `not_found`. */
export async function getProjectRow(db: Connection, workspaceId: number, id: number): Promise<ProjectRow> {
  const row = await db.dbtProject.findFirst({ where: { workspaceId, id } });
  if (!row) throw projectNotFound(id);
  return row;
}

/** `not_found` for a dbt project, also for one of another workspace. */
export const projectNotFound = (id: number): SluiceError =>
  new SluiceError('not_found', `There is no dbt project ${id} in this workspace.`);
