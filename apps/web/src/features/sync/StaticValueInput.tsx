'use client';

import { Input } from '@sluice/ui/Input';
import { Select } from '@sluice/ui/Select';

type StaticValue = string | number | boolean | null;
type Kind = 'text' | 'number' | 'true' | 'false' | 'null';

/** The same value for every row, with its type: text, number, true, false or NULL. */
export function StaticValueInput({
  value,
  onChange,
  label,
}: {
  value: StaticValue;
  onChange: (value: StaticValue) => void;
  label: string;
}) {
  const kind = kindOf(value);
  const choose = (next: Kind) => {
    if (next === 'text') onChange(typeof value === 'number' ? String(value) : '');
    else if (next === 'number') onChange(Number.isFinite(Number(value)) ? Number(value) : 0);
    else onChange(next === 'null' ? null : next === 'true');
  };
  return (
    <div className="flex gap-1">
      <div className="w-24 shrink-0">
        <Select<Kind>
          aria-label={`${label}: type`}
          value={kind}
          onChange={choose}
          options={[
            { value: 'text', label: 'Text' },
            { value: 'number', label: 'Number' },
            { value: 'true', label: 'true' },
            { value: 'false', label: 'false' },
            { value: 'null', label: 'NULL' },
          ]}
        />
      </div>
      {kind === 'text' && (
        <Input
          aria-label={label}
          value={String(value)}
          placeholder="crm"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {kind === 'number' && (
        <Input
          aria-label={label}
          type="number"
          step="any"
          value={Number.isFinite(value as number) ? Number(value) : ''}
          onChange={(event) => onChange(event.target.value === '' ? 0 : event.target.valueAsNumber)}
        />
      )}
    </div>
  );
}

function kindOf(value: StaticValue): Kind {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return typeof value === 'number' ? 'number' : 'text';
}
