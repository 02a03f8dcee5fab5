import type { Row } from '@sluice/domain/column';
import { valueText } from './value-text.ts';

/** Names and values of one row or record. NULL is shown as NULL. */
export function RecordTable({ row, label }: { row: Row; label: string }) {
  const entries = Object.entries(row);
  if (entries.length === 0) return <p className="text-faint text-xs">No fields.</p>;
  return (
    <div className="max-h-80 overflow-auto rounded-md border">
      <table aria-label={label} className="w-full text-xs">
        <tbody>
          {entries.map(([name, value]) => {
            const text = valueText(value);
            return (
              <tr key={name} className="border-b last:border-b-0">
                <th
                  scope="row"
                  className="w-px whitespace-nowrap bg-sunken px-2.5 py-1 text-left font-normal text-muted"
                >
                  {name}
                </th>
                <td className="wrap-anywhere px-2.5 py-1 font-mono text-ink">
                  {text === null ? (
                    <span className="text-faint italic">NULL</span>
                  ) : text === '' ? (
                    <span className="text-faint">(empty)</span>
                  ) : (
                    text
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
