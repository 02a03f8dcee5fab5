'use client';

import type { Column } from '@sluice/domain/column';
import type { KeyInspection } from '@sluice/domain/model';
import type { StoredQuery } from '@sluice/domain/query';
import { Button } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import { Combobox } from '@sluice/ui/Combobox';
import { Field } from '@sluice/ui/Field';
import { Spinner } from '@sluice/ui/Spinner';
import { useEffect } from 'react';
import { useTRPCClient } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { keyVerdict } from './key-verdict.ts';
import { useCancellable } from './use-cancellable.ts';

/** Chooses the column that identifies a row, and asks the source at once whether it does. */
export function KeyPicker({
  sourceId,
  query,
  columns,
  value,
  onChange,
  error,
  mayInspect,
}: {
  sourceId: number;
  query: StoredQuery | null;
  /** `null` until the query has run. */
  columns: readonly Column[] | null;
  value: string;
  onChange: (column: string) => void;
  error: string | undefined;
  mayInspect: boolean;
}) {
  const client = useTRPCClient();
  const inspection = useCancellable<{ query: StoredQuery; column: string }, KeyInspection>((input, signal) =>
    client.model.inspectKey.mutate({ sourceId, ...input }, { signal }),
  );
  const { run, reset } = inspection;
  const asked = query && value && mayInspect && columns?.some(({ name }) => name === value) ? query : null;
  const askedText = asked && JSON.stringify(asked);
  useEffect(() => {
    if (askedText === null) reset();
    else run({ query: JSON.parse(askedText) as StoredQuery, column: value });
  }, [askedText, value, run, reset]);

  const current = inspection.result?.input.column === value ? inspection.result.data : null;
  const verdict = current && keyVerdict(current, value);
  return (
    <div className="flex flex-col gap-3">
      <Field
        label="Primary key"
        required
        error={error}
        help={
          columns === null
            ? 'Run the preview first; its columns are offered here.'
            : 'The column that identifies a row: never empty, never twice. Sluice follows each row by it.'
        }
      >
        {(aria) => (
          <Combobox
            {...aria}
            value={value}
            onChange={onChange}
            disabled={columns === null}
            placeholder="Choose a column…"
            options={(columns ?? []).map((column) => ({
              value: column.name,
              label: column.name,
              detail: column.type,
            }))}
          />
        )}
      </Field>
      {inspection.running && (
        <div className="flex items-center gap-2 text-muted text-sm">
          <Spinner /> Counting empty and repeated values of {value}…
          <Button size="sm" variant="ghost" onClick={inspection.cancel}>
            Cancel
          </Button>
        </div>
      )}
      {inspection.error != null && (
        <ErrorCallout
          error={inspection.error}
          title="The key could not be checked."
          onRetry={() => asked && run({ query: asked, column: value })}
        />
      )}
      {verdict && !inspection.running && (
        <Callout tone={verdict.tone === 'good' ? 'positive' : 'caution'} title={verdict.title}>
          <p>{verdict.text}</p>
          {current.examples.length > 0 && (
            <p className="mt-1">
              Repeated values, for example:{' '}
              <code className="font-mono text-ink text-xs">{current.examples.join(', ')}</code>
            </p>
          )}
        </Callout>
      )}
    </div>
  );
}
