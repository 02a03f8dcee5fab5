'use client';

import { Button, IconButton } from '@sluice/ui/Button';
import { SearchInput } from '@sluice/ui/SearchInput';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight, Eye, KeyRound, RotateCw, Table2 } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { keyOf, type OutlineTable, searchTables } from './schema-tables.ts';
import { useColumnSearch, useTableQuery } from './use-source-schema.ts';

const shownMax = 200;

/** Tables of a source; their columns are read when they are opened. `selected` marks one; choosing calls `onChoose`. */
export function SchemaBrowser({
  sourceId,
  tables,
  error,
  onRefresh,
  refreshing,
  selected,
  onChoose,
  chooseLabel,
}: {
  sourceId: number;
  tables: readonly OutlineTable[] | undefined;
  error: unknown;
  onRefresh: () => void;
  refreshing: boolean;
  selected: { schema: string; name: string } | null;
  onChoose: (table: OutlineTable) => void;
  /** What choosing does: "Use", "Insert". */
  chooseLabel: string;
}) {
  const [typed, setSearch] = useState('');
  const search = useDeferredValue(typed);
  const byColumn = useColumnSearch(sourceId, tables ? search : '');
  const columnMatches = search.trim() === '' ? undefined : byColumn.data;
  const found = useMemo(
    () => searchTables(tables ?? [], search, columnMatches?.tables ?? []),
    [tables, search, columnMatches],
  );
  const unsent = (columnMatches?.total ?? 0) - (columnMatches?.tables.length ?? 0);
  const more = Math.max(0, found.length - shownMax) + unsent;
  return (
    <div className="flex min-h-0 flex-col gap-2">
      <div className="flex items-center gap-1">
        <div className="min-w-0 flex-1 *:sm:w-full">
          <SearchInput
            label="Search tables and columns"
            value={typed}
            onChange={setSearch}
            placeholder="Search tables and columns…"
          />
        </div>
        <IconButton label="Read the schema again" loading={refreshing} onClick={onRefresh}>
          {!refreshing && <RotateCw />}
        </IconButton>
      </div>
      {error != null && (
        <ErrorCallout error={error} title="The schema could not be read." onRetry={onRefresh} />
      )}
      {tables === undefined && error == null && <SkeletonLines lines={8} label="Reading the schema…" />}
      {tables?.length === 0 && (
        <p className="py-4 text-muted text-sm">
          The user of this source may read no table. Grant SELECT on some, then read the schema again.
        </p>
      )}
      {byColumn.error != null && search.trim() !== '' && (
        <ErrorCallout
          error={byColumn.error}
          title="Columns could not be searched."
          onRetry={() => void byColumn.refetch()}
        />
      )}
      {tables && tables.length > 0 && found.length === 0 && byColumn.isFetching && (
        <p className="py-3 text-muted text-sm">Searching columns…</p>
      )}
      {tables && tables.length > 0 && found.length === 0 && !byColumn.isFetching && (
        <div className="flex flex-col items-start gap-2 py-3 text-muted text-sm">
          Nothing is called “{search}”.
          <Button size="sm" onClick={() => setSearch('')}>
            Clear the search
          </Button>
        </div>
      )}
      <ul className="flex max-h-96 flex-col overflow-y-auto lg:max-h-128">
        {found.slice(0, shownMax).map(({ table, columns }) => (
          <TableEntry
            key={keyOf(table)}
            sourceId={sourceId}
            table={table}
            matches={columns}
            isSelected={selected?.schema === table.schema && selected.name === table.name}
            onChoose={() => onChoose(table)}
            chooseLabel={chooseLabel}
          />
        ))}
      </ul>
      {more > 0 && (
        <p className="text-faint text-xs">{more.toLocaleString('en')} more. Search to narrow them down.</p>
      )}
    </div>
  );
}

function TableEntry({
  sourceId,
  table,
  matches,
  isSelected,
  onChoose,
  chooseLabel,
}: {
  sourceId: number;
  table: OutlineTable;
  /** Columns for which the search found it. */
  matches: readonly string[];
  isSelected: boolean;
  onChoose: () => void;
  chooseLabel: string;
}) {
  const [open, setOpen] = useState(false);
  const Icon = table.kind === 'view' ? Eye : Table2;
  const name = `${table.schema}.${table.name}`;
  return (
    <li>
      <div
        className={`flex items-center gap-1 rounded-md pr-1 ${isSelected ? 'bg-accent-soft' : 'hover:bg-hover'}`}
      >
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="focus-ring flex min-w-0 flex-1 items-center gap-1.5 rounded-md px-1 py-1 text-left text-sm"
        >
          <ChevronRight
            aria-hidden="true"
            className={`size-3.5 shrink-0 text-faint transition-transform ${open ? 'rotate-90' : ''}`}
          />
          <Icon aria-hidden="true" className="size-4 shrink-0 text-faint" />
          <span className="truncate text-ink" title={name}>
            <span className="text-faint">{table.schema}.</span>
            {table.name}
          </span>
        </button>
        <Button
          size="sm"
          variant="ghost"
          onClick={onChoose}
          aria-label={`${isSelected ? 'Chosen' : chooseLabel} ${name}`}
        >
          {isSelected ? 'Chosen' : chooseLabel}
        </Button>
      </div>
      {!open && matches.length > 0 && (
        <p className="truncate pb-1 pl-11 text-faint text-xs" title={matches.join(', ')}>
          {matches.join(', ')}
        </p>
      )}
      {open && <Columns sourceId={sourceId} table={table} />}
    </li>
  );
}

function Columns({ sourceId, table }: { sourceId: number; table: OutlineTable }) {
  const tableQuery = useTableQuery(sourceId);
  const { data, error, refetch } = useQuery(tableQuery(table));
  return (
    <div className="mr-2 mb-1 ml-3 border-l pl-4">
      {error != null && (
        <ErrorCallout error={error} title="The columns could not be read." onRetry={() => void refetch()} />
      )}
      {!data && error == null && <SkeletonLines lines={3} label="Reading the columns…" />}
      <ul>
        {data?.columns.map((column) => (
          <li key={column.name} className="flex items-baseline gap-2 py-0.5 text-xs">
            <span className="flex min-w-0 items-center gap-1 truncate text-ink">
              {column.name}
              {column.primaryKey && (
                <KeyRound aria-label="primary key" className="size-3 shrink-0 text-caution" />
              )}
            </span>
            <span className="ml-auto shrink-0 truncate font-mono text-faint">{column.nativeType}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
