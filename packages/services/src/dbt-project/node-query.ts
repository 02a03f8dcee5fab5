import { SluiceError } from '@sluice/domain/error';
import { ModelQuery } from '@sluice/domain/query';

export interface ReadableNode {
  readonly uniqueId: string;
  readonly relation: string | null;
  readonly compiledSql: string | null;
  readonly present: boolean;
}

/**
 * What a node is read by. A relation is taken as dbt writes it: its quotes say how the warehouse spells the name, and it
 * names the database as well. Throws `dbt_model_missing`, saying why and what to do.
 */
export function queryOfNode(node: ReadableNode): ModelQuery {
  const problem = problemOfNode(node);
  if (problem) throw new SluiceError('dbt_model_missing', problem.message, { fix: problem.fix });
  const sql = node.relation === null ? node.compiledSql : `SELECT * FROM ${node.relation}`;
  return ModelQuery.parse({ queryType: 'raw_sql', sql });
}

/** What keeps a node from being read; `null` = nothing. */
export function problemOfNode(node: ReadableNode): { message: string; fix: string } | null {
  if (!node.present) {
    return {
      message: `The dbt model ${node.uniqueId} is not in the newest manifest.`,
      fix: 'Bring it back in dbt and send the manifest again, or let the model follow another dbt model.',
    };
  }
  if (node.relation !== null) return null;
  if (node.compiledSql === null) {
    return {
      message: `The dbt model ${node.uniqueId} is no table or view, and the manifest has no compiled SQL of it.`,
      fix: 'Run `dbt compile` or `dbt build` for it, and send that manifest.',
    };
  }
  if (ModelQuery.safeParse({ queryType: 'raw_sql', sql: node.compiledSql }).success) return null;
  return {
    message: `The compiled SQL of ${node.uniqueId} is longer than 200,000 characters.`,
    fix: 'Let dbt materialise it as a view or table.',
  };
}
