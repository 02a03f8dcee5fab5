'use client';

import type { QueryPreview } from '@sluice/domain/model';
import { durationText } from '@sluice/ui/Time';

/** The first rows of a query, with the type of each column. NULL is shown as NULL, an empty text as empty. */
export function ResultGrid({ preview, stale }: { preview: QueryPreview; stale: boolean }) {
  const { columns, rows, hasMore, durationMs } = preview;
  return (
    <div
      className={`flex min-w-0 flex-col overflow-hidden rounded-lg border bg-surface ${stale ? 'border-caution-line border-dashed' : ''}`}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard (WCAG 2.1.1) */}
      <div tabIndex={0} className="focus-ring max-h-96 overflow-auto">
        <table aria-label="Preview of the rows" className="w-full border-collapse text-xs">
          <thead className="sticky top-0 z-raised bg-sunken">
            <tr>
              {columns.map((column) => (
                <th
                  key={column.name}
                  scope="col"
                  title={column.nativeType}
                  className="whitespace-nowrap border-b px-3 py-1.5 text-left font-medium text-ink"
                >
                  {column.name}
                  <span className="ml-1.5 font-normal text-faint">{column.type}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a preview have no identity and never move
              <tr key={index} className="border-b last:border-b-0">
                {row.map((cell, at) => (
                  <td
                    key={columns[at]?.name ?? at}
                    title={cell ?? 'NULL'}
                    className="max-w-72 truncate whitespace-nowrap px-3 py-1 font-mono text-ink"
                  >
                    <Cell text={cell} />
                  </td>
                ))}
              </tr>
            ))}
            {rows.length === 0 && (
              <tr>
                <td
                  colSpan={Math.max(1, columns.length)}
                  className="px-3 py-6 text-center text-muted text-sm"
                >
                  The query works, and returns no rows.
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <p className="border-t px-3 py-1.5 text-faint text-xs">
        {hasMore ? `The first ${rows.length} rows; there are more.` : `All ${rows.length} rows.`}{' '}
        {columns.length} columns, {durationText(durationMs)}.
        {stale && <strong className="font-medium text-caution"> The query has changed since.</strong>}
      </p>
    </div>
  );
}

function Cell({ text }: { text: string | null }) {
  if (text === null) return <span className="text-faint italic">NULL</span>;
  if (text === '') return <span className="text-faint">(empty)</span>;
  return text;
}
