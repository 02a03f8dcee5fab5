import type { Column } from '@sluice/domain/column';
import { CreateModel } from '@sluice/domain/model';
import { type ModelDraft, queryOf } from './model-draft.ts';

/** Field → what keeps the draft from being saved. The API checks the same schema, and runs the query. */
export function modelProblems(draft: ModelDraft, columns: readonly Column[] | null): Record<string, string> {
  const query = queryOf(draft);
  if (draft.sourceId === null) return { sourceId: 'Choose the source that holds the rows.' };
  if (!query) {
    return { query: missing[draft.queryType] };
  }
  const problems: Record<string, string> = {};
  const parsed = CreateModel.safeParse({
    name: draft.name,
    slug: draft.slug === '' ? undefined : draft.slug,
    description: draft.description,
    sourceId: draft.sourceId,
    query,
    primaryKey: draft.primaryKey,
  });
  for (const issue of parsed.error?.issues ?? []) problems[String(issue.path[0])] ??= issue.message;
  if (draft.primaryKey && columns && !columns.some(({ name }) => name === draft.primaryKey)) {
    problems.primaryKey = `The query has no column ${draft.primaryKey}.`;
  }
  return problems;
}

const missing = {
  raw_sql: 'Write a SELECT, or choose a table.',
  table: 'Choose a table.',
  dbt: 'Choose a dbt model.',
} as const;
