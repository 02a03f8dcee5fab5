import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useTRPC } from '#trpc/client.ts';
import { defaultSchema, outlineTables } from './schema-tables.ts';

const staleTime = 5 * 60_000;
const failureKeptMs = 30_000;
/** Reading the schema of a source is long work. */
const alone = { context: { alone: true } };

/** The columns of a table, kept for five minutes. */
export function useTableQuery(sourceId: number) {
  const trpc = useTRPC();
  return useCallback(
    ({ schema, name }: { schema: string; name: string }) =>
      trpc.source.table.queryOptions({ id: sourceId, schema, name }, { staleTime }),
    [trpc, sourceId],
  );
}

/** Tables with columns that a search finds; asked anew with what is typed. */
export function useColumnSearch(sourceId: number, search: string) {
  const trpc = useTRPC();
  return useQuery(
    trpc.source.searchColumns.queryOptions(
      { id: sourceId, search: search.trim() },
      { staleTime, enabled: search.trim() !== '', placeholderData: (before) => before },
    ),
  );
}

/** The tables of a source by name, what the editor completes of them, and a way to read them anew. */
export function useSourceSchema(sourceId: number) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [refreshing, setRefreshing] = useState(false);
  const tableQuery = useTableQuery(sourceId);
  const outline = useQuery(trpc.source.schema.queryOptions({ id: sourceId }, { staleTime, trpc: alone }));
  const { data } = outline;
  const tables = useMemo(() => data && outlineTables(data), [data]);
  const language = useMemo(
    () => ({
      name: 'sql' as const,
      schema: {
        tables: tables ?? [],
        defaultSchema: defaultSchema(tables ?? []),
        columnsOf: async (table: { schema: string; name: string }) => {
          const asked = tableQuery(table);
          const failedAt = queryClient.getQueryState(asked.queryKey)?.errorUpdatedAt ?? 0;
          // It is asked for with every key that is pressed.
          if (Date.now() - failedAt < failureKeptMs) return [];
          const found = await queryClient.fetchQuery({ ...asked, retry: false }).catch(() => null);
          return found ? found.columns.map(({ name }) => name) : [];
        },
      },
    }),
    [tables, tableQuery, queryClient],
  );
  const refresh = async () => {
    setRefreshing(true);
    try {
      const fresh = await queryClient.fetchQuery({
        ...trpc.source.schema.queryOptions({ id: sourceId, refresh: true }, { trpc: alone }),
        staleTime: 0,
      });
      queryClient.setQueryData(trpc.source.schema.queryKey({ id: sourceId }), fresh);
      await Promise.all(
        [trpc.source.table, trpc.source.searchColumns].map((asked) =>
          queryClient.invalidateQueries({ queryKey: asked.pathKey() }),
        ),
      );
    } catch {
      await outline.refetch();
    } finally {
      setRefreshing(false);
    }
  };
  return { tables, error: outline.error, language, refresh: () => void refresh(), refreshing };
}
