import type { Connection } from '@sluice/db/client';
import type { NodeStep } from './compare-manifest.ts';

const perStatement = 200;

/** Stores what a manifest changed. Called in a transaction that holds the project. */
export async function writeNodes(
  tx: Connection,
  project: { workspaceId: number; id: number },
  steps: readonly NodeStep[],
): Promise<void> {
  const removed = steps.flatMap(({ change, known }) => (change === 'removed' && known ? [known.id] : []));
  await tx.dbtNode.updateMany({ where: { id: { in: removed } }, data: { present: false } });
  // Before the rest is written by name: a renamed node keeps its row, and the models that follow it.
  for (const { change, known, node } of steps) {
    if (change !== 'renamed' || !known || !node) continue;
    await tx.dbtNode.update({
      where: { id: known.id },
      data: { uniqueId: node.uniqueId, previousId: known.uniqueId, renamedAt: new Date() },
    });
  }
  const rows = steps.flatMap(({ node, fingerprint }) => (node ? [{ ...node, fingerprint }] : []));
  for (let from = 0; from < rows.length; from += perStatement) {
    const part = JSON.stringify(rows.slice(from, from + perStatement));
    await tx.$executeRaw`
      insert into dbt_nodes (workspace_id, project_id, unique_id, kind, name, description, package_name, path,
        materialised, relation, database, schema, checksum, raw_sql, compiled_sql, columns, tags, exposures, fingerprint)
      select ${project.workspaceId}, ${project.id}, "uniqueId", kind, name, description, "packageName", path,
        materialised, relation, database, schema, checksum, "rawSql", "compiledSql", columns,
        array(select jsonb_array_elements_text(tags)), exposures, fingerprint
      from jsonb_to_recordset(${part}::jsonb) as given ("uniqueId" text, kind text, name text, description text,
        "packageName" text, path text, materialised text, relation text, database text, schema text, checksum text,
        "rawSql" text, "compiledSql" text, columns jsonb, tags jsonb, exposures jsonb, fingerprint text)
      on conflict (project_id, unique_id) do update set kind = excluded.kind, name = excluded.name,
        description = excluded.description, package_name = excluded.package_name, path = excluded.path,
        materialised = excluded.materialised, relation = excluded.relation, database = excluded.database,
        schema = excluded.schema, checksum = excluded.checksum, raw_sql = excluded.raw_sql,
        compiled_sql = excluded.compiled_sql, columns = excluded.columns, tags = excluded.tags,
        exposures = excluded.exposures, fingerprint = excluded.fingerprint, present = true`;
  }
}
