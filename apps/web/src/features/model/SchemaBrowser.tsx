'use client';

import type { SchemaTable } from '@sluice/domain/connector';
import { Button, IconButton } from '@sluice/ui/Button';
import { SearchInput } from '@sluice/ui/SearchInput';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { ChevronRight, Eye, KeyRound, RotateCw, Table2 } from 'lucide-react';
import { useState } from 'react';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { searchTables } from './completion-schema.ts';

const shownMax = 200;

/** Tables of a source with their columns. `selected` marks one; choosing calls `onChoose`. */
export function SchemaBrowser({
  tables,
  error,
  onRefresh,
  refreshing,
  selected,
  onChoose,
  chooseLabel,
}: {
  tables: readonly SchemaTable[] | undefined;
  error: unknown;
  onRefresh: () => void;
  refreshing: boolean;
  selected: { schema: string; name: string } | null;
  onChoose: (table: SchemaTable) => void;
  /** What choosing does: "Use", "Insert". */
  chooseLabel: string;
}) {
  const [search, setSearch] = useState('');
  const found = searchTables(tables ?? [], search);
  return (
    <div className="flex min-h-0 flex-col gap-2">
      <div className="flex items-center gap-1">
        <div className="min-w-0 flex-1 *:sm:w-full">
          <SearchInput
            label="Search tables and columns"
            value={search}
            onChange={setSearch}
            placeholder="Search tables…"
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
      {tables && tables.length > 0 && found.length === 0 && (
        <div className="flex flex-col items-start gap-2 py-3 text-muted text-sm">
          Nothing is called “{search}”.
          <Button size="sm" onClick={() => setSearch('')}>
            Clear the search
          </Button>
        </div>
      )}
      <ul className="flex max-h-96 flex-col overflow-y-auto lg:max-h-128">
        {found.slice(0, shownMax).map((table) => (
          <TableEntry
            key={`${table.schema}.${table.name}`}
            table={table}
            isSelected={selected?.schema === table.schema && selected.name === table.name}
            onChoose={() => onChoose(table)}
            chooseLabel={chooseLabel}
          />
        ))}
      </ul>
      {found.length > shownMax && (
        <p className="text-faint text-xs">{found.length - shownMax} more. Search to narrow them down.</p>
      )}
    </div>
  );
}

function TableEntry({
  table,
  isSelected,
  onChoose,
  chooseLabel,
}: {
  table: SchemaTable;
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
      {open && (
        <ul className="mb-1 ml-3 border-l pl-4">
          {table.columns.map((column) => (
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
      )}
    </li>
  );
}
