import type { FieldTotal } from '@sluice/domain/dry-run';

const number = new Intl.NumberFormat('en');
const shownMax = 12;

/** How many of the changed rows change which field. */
export function FieldTotals({ fields, changedRows }: { fields: readonly FieldTotal[]; changedRows: number }) {
  if (fields.length === 0 || changedRows === 0) return null;
  const shown = fields.slice(0, shownMax);
  return (
    <section aria-label="Changed rows by field" className="flex min-w-0 flex-col gap-2">
      <h3 className="font-medium text-ink text-sm">What changes</h3>
      <table className="w-full text-xs">
        <thead className="sr-only">
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Share</th>
            <th scope="col">Changed rows</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ field, rows, exact }) => (
            <tr key={field}>
              <th
                scope="row"
                className="wrap-anywhere w-2/5 py-1 pr-3 text-left font-mono font-normal text-ink"
              >
                {field}
              </th>
              <td className="py-1">
                <span className="block h-2 rounded-full bg-sunken">
                  <span
                    className="block h-full rounded-full bg-accent"
                    style={{ width: `${Math.max(1, Math.min(100, (rows / changedRows) * 100))}%` }}
                  />
                </span>
              </td>
              <td className="tabular w-24 py-1 pl-3 text-right text-muted">
                {exact ? '' : 'up to '}
                {number.format(rows)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {fields.length > shownMax && (
        <p className="text-faint text-xs">and {fields.length - shownMax} fields that change in fewer rows</p>
      )}
    </section>
  );
}
