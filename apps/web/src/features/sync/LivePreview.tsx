'use client';

import type { Row } from '@sluice/domain/column';
import type { DraftSync, MappedRow, RequestView } from '@sluice/domain/sync';
import { Button } from '@sluice/ui/Button';
import { Spinner } from '@sluice/ui/Spinner';
import { RotateCw } from 'lucide-react';
import { useEffect } from 'react';
import { useCancellable } from '#features/model/use-cancellable.ts';
import { MessageView } from '#features/run/ExchangeView.tsx';
import { valueText } from '#features/run/value-text.ts';
import { useTRPCClient } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/**
 * Five real rows as they would be sent, read again shortly after each change. `input` is null while the draft is not
 * complete enough; the last picture stays until a newer one is there.
 */
export function LivePreview({ input, hint }: { input: DraftSync | null; hint: string }) {
  const client = useTRPCClient();
  const preview = useCancellable<DraftSync, { rows: MappedRow[]; requests: RequestView[] }>((draft, signal) =>
    client.sync.previewRows.mutate(draft, { signal }),
  );
  const { run, cancel } = preview;
  const text = input && JSON.stringify(input);
  useEffect(() => {
    if (text === null) return;
    const timer = setTimeout(() => run(JSON.parse(text) as DraftSync), 700);
    return () => clearTimeout(timer);
  }, [text, run]);
  useEffect(() => {
    if (text === null) cancel();
  }, [text, cancel]);
  const rows = preview.result?.data.rows ?? [];
  const requests = preview.result?.data.requests ?? [];
  return (
    <section aria-label="Live preview" aria-busy={preview.running} className="flex min-w-0 flex-col gap-3">
      <div className="flex items-center justify-between gap-3">
        <div>
          <h3 className="font-medium text-ink text-sm">Live preview</h3>
          <p className="text-faint text-xs">Five real rows, as they would be sent. Nothing is sent.</p>
        </div>
        {preview.running ? (
          <span className="flex items-center gap-1.5 text-faint text-xs">
            <Spinner /> Reading…
          </span>
        ) : (
          <Button size="sm" disabledReason={input ? null : hint} onClick={() => input && run(input)}>
            <RotateCw />
            Refresh
          </Button>
        )}
      </div>
      {preview.error != null && !preview.running && (
        <ErrorCallout error={preview.error} title="The preview could not be made." />
      )}
      {!preview.result && preview.error == null && !preview.running && (
        <p className="rounded-lg border border-dashed px-4 py-6 text-center text-muted text-sm">{hint}</p>
      )}
      {rows.length > 0 && <PreviewRows rows={rows} />}
      {preview.result && rows.length === 0 && (
        <p className="text-muted text-sm">The model returns no rows at the moment.</p>
      )}
      {requests.map((request, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: requests of a preview have no identity and never move
        <div key={index} className="rounded-lg border p-3">
          <MessageView title={requests.length > 1 ? `Request ${index + 1}` : 'Request'} message={request} />
        </div>
      ))}
    </section>
  );
}

function PreviewRows({ rows }: { rows: readonly MappedRow[] }) {
  // Where templates render the whole row there is no record: the row of the model is shown, the request below it.
  const isTemplate = rows.every((row) => Object.keys(row.record ?? {}).length === 0);
  const valuesOf = (row: MappedRow): Row => (isTemplate ? row.row : (row.record ?? {}));
  const fields = [...new Set(rows.flatMap((row) => Object.keys(valuesOf(row))))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard (WCAG 2.1.1)
    <div tabIndex={0} className="focus-ring overflow-x-auto rounded-lg border bg-surface">
      <table aria-label="Rows as they would be sent" className="w-full text-xs">
        <thead className="bg-sunken">
          <tr>
            <th
              scope="col"
              className="whitespace-nowrap border-b px-3 py-1.5 text-left font-medium text-faint"
            >
              Primary key
            </th>
            {fields.map((field) => (
              <th
                key={field}
                scope="col"
                className="whitespace-nowrap border-b px-3 py-1.5 text-left font-medium"
              >
                {field}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: keys may be NULL or repeat here; that is the point
            <tr key={index} className="border-b last:border-b-0">
              <td className="whitespace-nowrap px-3 py-1 font-mono text-faint">{row.key ?? 'NULL'}</td>
              {row.error !== null ? (
                <td colSpan={Math.max(1, fields.length)} className="wrap-anywhere px-3 py-1 text-critical">
                  Would be rejected: {row.error}
                </td>
              ) : (
                fields.map((field) => {
                  const values = valuesOf(row);
                  const value = field in values ? valueText(values[field]) : undefined;
                  return (
                    <td
                      key={field}
                      title={value ?? undefined}
                      className="max-w-56 truncate px-3 py-1 font-mono"
                    >
                      {value === undefined ? (
                        <span className="text-faint">left as it is</span>
                      ) : value === null ? (
                        <span className="text-faint italic">NULL</span>
                      ) : (
                        value
                      )}
                    </td>
                  );
                })
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
