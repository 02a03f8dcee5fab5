'use client';

import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Link } from './Link.tsx';
import { Skeleton } from './Skeleton.tsx';

export interface TableColumn<Row> {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Numbers are `end`; tabular figures either way. */
  align?: 'start' | 'end';
  /** Fades out of narrow screens, least important first. */
  hideBelow?: 'sm' | 'md' | 'lg' | 'xl';
  /** Takes what is left and truncates its content: one column of a table. */
  grow?: boolean;
  /** Carries the row's link or button; else the growing column does. */
  opens?: boolean;
  /** Makes the header a button that reports this id. */
  sortable?: boolean;
  /** For headers without a text. */
  screenReaderHeader?: string;
}

export interface TableSort {
  column: string;
  descending: boolean;
}

const hidden = {
  sm: 'max-sm:hidden',
  md: 'max-md:hidden',
  lg: 'max-lg:hidden',
  xl: 'max-xl:hidden',
};

/**
 * The one table of the console. Give it columns as data, rows of one page and what to say when there are none.
 * With `rowHref` the whole row is a link (the growing column carries it, or the one that `opens`), so that a click with the modifier key
 * opens a tab; controls in other cells stay usable.
 */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  rowHref,
  rowLabel,
  onRowOpen,
  sort,
  onSort,
  empty = 'Nothing here yet.',
  loading = false,
  footer,
}: {
  /** Read out as the name of the table. */
  label: string;
  columns: readonly TableColumn<Row>[];
  /** `undefined` while the first page loads. */
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string | number;
  rowHref?: (row: Row) => string;
  /** What the row's link or button is called, where its cell is not enough. */
  rowLabel?: (row: Row) => string;
  /** Instead of a link: opens a sheet. */
  onRowOpen?: (row: Row) => void;
  sort?: TableSort | null;
  onSort?: (column: string) => void;
  /** The one quiet row of an empty table. */
  empty?: ReactNode;
  /** Dims the rows while a newer page is on its way. */
  loading?: boolean;
  /** Paging, totals. */
  footer?: ReactNode;
}) {
  const opens = columns.find((column) => column.opens) ?? columns.find((column) => column.grow) ?? columns[0];
  const cellContent = (column: TableColumn<Row>, row: Row) => {
    const content = column.cell(row);
    if (column !== opens || !(rowHref || onRowOpen)) return content;
    const look =
      'rounded-sm font-medium text-ink outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2';
    return rowHref ? (
      <Link href={rowHref(row)} aria-label={rowLabel?.(row)} className={look}>
        {content}
      </Link>
    ) : (
      <button
        type="button"
        aria-label={rowLabel?.(row)}
        onClick={() => onRowOpen?.(row)}
        className={classNames(look, 'max-w-full text-left')}
      >
        {content}
      </button>
    );
  };
  return (
    <div className="min-w-0 overflow-hidden rounded-lg border bg-surface shadow-raised">
      <div className="overflow-x-auto">
        <table
          aria-label={label}
          aria-busy={rows === undefined || loading}
          className="w-full border-collapse text-sm"
        >
          <thead>
            <tr className="border-b bg-sunken">
              {columns.map((column) => (
                <HeaderCell key={column.id} column={column} sort={sort ?? null} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody className={classNames('transition-opacity', loading && 'opacity-60')}>
            {rows === undefined &&
              [0, 1, 2, 3, 4].map((line) => (
                <tr key={line} className="border-b last:border-b-0">
                  {columns.map((column) => (
                    <td key={column.id} className={cellLook(column)}>
                      <Skeleton className={column.grow ? 'my-0.5 w-3/5' : 'my-0.5 w-16'} />
                    </td>
                  ))}
                </tr>
              ))}
            {rows?.length === 0 && (
              <tr>
                <td colSpan={columns.length} className="px-4 py-8 text-center text-muted">
                  {empty}
                </td>
              </tr>
            )}
            {rows?.map((row) => (
              <tr
                key={rowKey(row)}
                className={classNames(
                  'relative border-b last:border-b-0',
                  (rowHref || onRowOpen) && 'transition-colors hover:bg-hover',
                )}
              >
                {columns.map((column) => (
                  <td key={column.id} className={cellLook(column)}>
                    {cellContent(column, row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {footer && <div className="border-t px-4 py-2 text-muted text-xs">{footer}</div>}
    </div>
  );
}

/** Wraps controls in a row that is itself a link, so that they receive their own clicks. */
export function RowControls({ children }: { children: ReactNode }) {
  return <div className="relative z-raised flex items-center justify-end gap-1">{children}</div>;
}

function cellLook<Row>(column: TableColumn<Row>): string {
  return classNames(
    'h-11 px-3 py-1.5 align-middle text-ink first:pl-4 last:pr-4',
    column.align === 'end' && 'text-right',
    column.grow ? 'w-full max-w-0 truncate' : 'whitespace-nowrap',
    column.hideBelow && hidden[column.hideBelow],
  );
}

function HeaderCell<Row>({
  column,
  sort,
  onSort,
}: {
  column: TableColumn<Row>;
  sort: TableSort | null;
  onSort: ((column: string) => void) | undefined;
}) {
  const sorted = sort?.column === column.id;
  return (
    <th
      scope="col"
      aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
      className={classNames(
        'h-8 whitespace-nowrap px-3 font-medium text-faint text-xs first:pl-4 last:pr-4',
        column.align === 'end' ? 'text-right' : 'text-left',
        column.hideBelow && hidden[column.hideBelow],
      )}
    >
      {column.screenReaderHeader && <span className="sr-only">{column.screenReaderHeader}</span>}
      {column.sortable && onSort ? (
        <button
          type="button"
          onClick={() => onSort(column.id)}
          className="focus-ring -mx-1 inline-flex items-center gap-1 rounded-sm px-1 hover:text-ink"
        >
          {column.header}
          {sorted && (sort.descending ? <ArrowDown className="size-3" /> : <ArrowUp className="size-3" />)}
        </button>
      ) : (
        column.header
      )}
    </th>
  );
}
