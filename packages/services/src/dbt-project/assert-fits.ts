import type { Connection } from '@sluice/db/client';
import { SluiceError } from '@sluice/domain/error';
import type { ProjectRow } from './dbt-project-view.ts';
import { artifactInvalid } from './parse-artifact.ts';
import type { Manifest } from './read-manifest.ts';

/**
 * Which kinds of source hold what an adapter builds; adapters that are not here (there are some hundred) are taken on
 * trust. Names: https://docs.getdbt.com/docs/supported-data-platforms (2026-11-22).
 */
const sourcesOf: Readonly<Record<string, readonly string[]>> = {
  postgres: ['postgresql'],
  redshift: ['redshift', 'postgresql'],
  snowflake: ['snowflake'],
  bigquery: ['bigquery'],
  databricks: ['databricks'],
  mysql: ['mysql'],
  mariadb: ['mysql'],
  clickhouse: ['clickhouse'],
  duckdb: ['files', 'sample'],
};

/**
 * Throws `input_invalid` when a manifest is of another warehouse or another dbt project than what was taken before, and
 * `conflict` when it is older: a build that came late must not undo a newer one.
 */
export async function assertFits(db: Connection, project: ProjectRow, manifest: Manifest): Promise<void> {
  const source = await db.source.findFirstOrThrow({
    where: { workspaceId: project.workspaceId, id: project.sourceId },
    select: { name: true, type: true },
  });
  const fitting = manifest.adapter === null ? undefined : sourcesOf[manifest.adapter];
  if (fitting && !fitting.includes(source.type)) {
    throw artifactInvalid(
      'manifest',
      `The manifest is of a project that dbt builds with the adapter ${manifest.adapter}, but "${source.name}" is a source of the type ${source.type}.`,
    );
  }
  if (project.dbtName !== null && manifest.projectName !== null && project.dbtName !== manifest.projectName) {
    throw artifactInvalid(
      'manifest',
      `The manifest is of the dbt project ${manifest.projectName}, but those before were of ${project.dbtName}.`,
    );
  }
  if (project.generatedAt && manifest.generatedAt && manifest.generatedAt < project.generatedAt) {
    throw new SluiceError(
      'conflict',
      `The manifest was written at ${manifest.generatedAt.toISOString()}, before the newest one (${project.generatedAt.toISOString()}).`,
      { fix: 'Let dbt write a new one, also to go back to an older state of the project.' },
    );
  }
}
