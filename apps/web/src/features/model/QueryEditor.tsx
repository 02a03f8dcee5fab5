'use client';

import type { SchemaTable } from '@sluice/domain/connector';
import type { QueryPreview } from '@sluice/domain/model';
import type { StoredQuery } from '@sluice/domain/query';
import { Button } from '@sluice/ui/Button';
import { Kbd } from '@sluice/ui/Kbd';
import { Segmented } from '@sluice/ui/Segmented';
import { Spinner } from '@sluice/ui/Spinner';
import { useQueryClient } from '@tanstack/react-query';
import { Play, Square } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { DbtNodePicker } from '#features/dbt/DbtNodePicker.tsx';
import { LazyCodeEditor } from '#features/editor/LazyCodeEditor.tsx';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { emptyModelDraft, type ModelDraft, queryOf, sameQuery, suggestedKey } from './model-draft.ts';
import { QueryCost } from './QueryCost.tsx';
import { ResultGrid } from './ResultGrid.tsx';
import { SchemaBrowser } from './SchemaBrowser.tsx';
import { type OutlineTable, selectFrom } from './schema-tables.ts';
import type { Cancellable } from './use-cancellable.ts';
import { useSourceSchema, useTableQuery } from './use-source-schema.ts';

/** SQL or a table of one source, with the schema beside it and the first rows below. */
export function QueryEditor({
  sourceId,
  draft,
  onChange,
  preview,
  previewDisabled,
}: {
  sourceId: number;
  draft: ModelDraft;
  onChange: (part: Partial<ModelDraft>) => void;
  preview: Cancellable<StoredQuery, QueryPreview>;
  /** Why the person may not run queries. */
  previewDisabled: string | null;
}) {
  const queryClient = useQueryClient();
  const schema = useSourceSchema(sourceId);
  const tableQuery = useTableQuery(sourceId);
  // `null` once another source is looked at.
  const current = useRef<ModelDraft | null>(null);
  useEffect(() => {
    current.current = draft;
    return () => {
      current.current = null;
    };
  }, [draft]);
  const query = queryOf(draft);
  const run = () => {
    if (query && previewDisabled === null) preview.run(query);
  };
  const chooseTable = async ({ schema, name }: OutlineTable) => {
    const columns = tableQuery({ schema, name });
    const known = queryClient.getQueryData(columns.queryKey);
    onChange({ table: { schema, name }, primaryKey: known ? keySuggestedBy(known) : '' });
    if (previewDisabled === null) preview.run({ queryType: 'table', schema, table: name });
    if (known) return;
    // Without columns no key is suggested; what is wrong with them is said where they are shown.
    const found = await queryClient.fetchQuery(columns).catch(() => null);
    const { table, primaryKey } = current.current ?? emptyModelDraft();
    const isStillChosen = table?.schema === schema && table.name === name && primaryKey === '';
    if (found && isStillChosen) onChange({ primaryKey: keySuggestedBy(found) });
  };

  return (
    <div
      className={`grid min-w-0 gap-4 ${draft.queryType === 'dbt' ? '' : 'lg:grid-cols-[17rem_minmax(0,1fr)]'}`}
    >
      <div className={`order-2 min-w-0 lg:order-1 ${draft.queryType === 'dbt' ? 'hidden' : ''}`}>
        <SchemaBrowser
          sourceId={sourceId}
          tables={schema.tables}
          error={schema.error}
          onRefresh={schema.refresh}
          refreshing={schema.refreshing}
          selected={draft.queryType === 'table' ? draft.table : null}
          chooseLabel={draft.queryType === 'table' ? 'Choose' : 'Insert'}
          onChoose={(table) => {
            if (draft.queryType === 'raw_sql') {
              onChange({
                sql:
                  draft.sql.trim() === ''
                    ? selectFrom(table)
                    : `${draft.sql.trimEnd()}\n${table.schema}.${table.name}`,
              });
              return;
            }
            void chooseTable(table);
          }}
        />
      </div>
      <div className="order-1 flex min-w-0 flex-col gap-3 lg:order-2">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <Segmented
            label="How the model gets its rows"
            value={draft.queryType}
            onChange={(queryType) => onChange({ queryType })}
            options={[
              { value: 'raw_sql', label: 'SQL' },
              { value: 'table', label: 'Table' },
              { value: 'dbt', label: 'dbt model' },
            ]}
          />
          {preview.running ? (
            <Button onClick={preview.cancel}>
              <Square />
              Cancel the query
            </Button>
          ) : (
            <Button
              variant="primary"
              onClick={run}
              disabledReason={previewDisabled ?? (query ? null : waiting[draft.queryType])}
            >
              <Play />
              Preview <Kbd keys="mod+enter" inverted />
            </Button>
          )}
        </div>
        {draft.queryType === 'raw_sql' ? (
          <LazyCodeEditor
            label="SQL of the model"
            value={draft.sql}
            onChange={(sql) => onChange({ sql })}
            language={schema.language}
            lineNumbers
            minHeight="12rem"
            placeholder="select id, email, name from public.users"
            onSubmit={run}
          />
        ) : draft.queryType === 'dbt' ? (
          <DbtNodePicker
            sourceId={sourceId}
            value={draft.dbt}
            onChange={(dbt) => {
              onChange({ dbt });
              if (previewDisabled === null)
                preview.run({ queryType: 'dbt', dbtProjectId: dbt.projectId, uniqueId: dbt.uniqueId });
            }}
          />
        ) : (
          <div className="rounded-lg border border-dashed px-4 py-5 text-sm">
            {draft.table ? (
              <p>
                All rows and columns of{' '}
                <code className="font-mono text-ink">
                  {draft.table.schema}.{draft.table.name}
                </code>
                .
              </p>
            ) : (
              <p className="text-muted">Choose a table or a view from the schema.</p>
            )}
          </div>
        )}
        {previewDisabled === null && <QueryCost sourceId={sourceId} query={query} />}
        {preview.running && (
          <p role="status" className="flex items-center gap-2 text-muted text-sm">
            <Spinner /> Running the query for its first 100 rows…
          </p>
        )}
        {preview.error != null && !preview.running && <ErrorCallout error={preview.error} onRetry={run} />}
        {preview.result && (
          <ResultGrid
            preview={preview.result.data}
            stale={!sameQuery(preview.result.input, query) || preview.error != null}
          />
        )}
        {!preview.result && !preview.running && preview.error == null && (
          <p className="text-faint text-xs">
            The preview reads the first 100 rows in a read-only transaction and never runs more than one
            SELECT.
          </p>
        )}
      </div>
    </div>
  );
}

const keySuggestedBy = ({ columns }: SchemaTable): string =>
  suggestedKey(
    columns.map(({ name }) => name),
    columns.find(({ primaryKey }) => primaryKey)?.name,
  ) ?? '';

/** What is missing before there is anything to preview. */
const waiting = {
  raw_sql: 'Write a SELECT first.',
  table: 'Choose a table first.',
  dbt: 'Choose a dbt model first.',
} as const;
