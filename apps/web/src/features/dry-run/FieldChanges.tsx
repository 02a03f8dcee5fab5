import type { DryRunRow, FieldChange } from '@sluice/domain/dry-run';
import { ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { valueText } from '#features/run/value-text.ts';

/** The fields of one row, old and new. Those that stay as they are fold away where others change. */
export function FieldChanges({ row }: { row: DryRunRow }) {
  const changed = row.fields.filter((field) => field.changed);
  const same = row.fields.filter((field) => !field.changed);
  if (row.fields.length === 0) return <p className="text-faint text-xs">No fields.</p>;
  if (changed.length === 0) return <FieldTable label={`Fields of ${row.key}`} fields={same} row={row} />;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <FieldTable label={`Changes of ${row.key}`} fields={changed} row={row} />
      {same.length > 0 && (
        <details>
          <summary className="focus-ring w-fit rounded-sm text-muted text-xs hover:text-ink">
            {same.length === 1
              ? '1 field stays as it was delivered'
              : `${same.length} fields stay as they were delivered`}
          </summary>
          <div className="mt-2">
            <FieldTable label={`Unchanged fields of ${row.key}`} fields={same} row={row} />
          </div>
        </details>
      )}
    </div>
  );
}

function FieldTable({
  label,
  fields,
  row,
}: {
  label: string;
  fields: readonly FieldChange[];
  row: DryRunRow;
}) {
  return (
    <div className="max-h-96 overflow-auto rounded-md border">
      <table aria-label={label} className="w-full text-xs">
        <thead className="sr-only">
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.field} className="border-b last:border-b-0">
              <th
                scope="row"
                className="w-px whitespace-nowrap bg-sunken px-2.5 py-1.5 text-left align-top font-normal text-muted"
              >
                {field.field}
              </th>
              <td className="wrap-anywhere px-2.5 py-1.5 font-mono text-ink">
                <Change field={field} row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Change({ field, row }: { field: FieldChange; row: DryRunRow }) {
  const { before, after, changed } = field;
  if (row.class === 'added') return <Shown sent={after.sent} value={after.value} />;
  if (row.class === 'removed') {
    return before.known ? <Shown sent value={before.value} /> : <Faint>not kept</Faint>;
  }
  if (!changed) return <Shown sent={after.sent} value={after.value} />;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      <del className="rounded-xs bg-critical-soft px-1 no-underline">
        <span className="sr-only">from </span>
        {before.known ? <Shown sent value={before.value} /> : <Faint>not kept</Faint>}
      </del>
      <ArrowRight aria-hidden="true" className="size-3.5 shrink-0 text-faint" />
      <ins className="rounded-xs bg-positive-soft px-1 no-underline">
        <span className="sr-only">to </span>
        <Shown sent={after.sent} value={after.value} />
      </ins>
    </span>
  );
}

function Shown({ sent, value }: { sent: boolean; value: FieldChange['after']['value'] }) {
  if (!sent) return <Faint>left alone</Faint>;
  const text = valueText(value);
  if (text === null) return <Faint>NULL</Faint>;
  return text === '' ? <Faint>(empty)</Faint> : text;
}

const Faint = ({ children }: { children: ReactNode }) => (
  <span className="text-faint italic">{children}</span>
);
