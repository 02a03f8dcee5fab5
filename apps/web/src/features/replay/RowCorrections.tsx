'use client';

import type { Row } from '@sluice/domain/column';
import { Button } from '@sluice/ui/Button';
import { Input } from '@sluice/ui/Input';
import { useState } from 'react';
import { valueText } from '#features/run/value-text.ts';
import { changedValues } from './replay-choice.ts';

/** The values of a model's row as fields, so that one can be corrected before the row is sent again. */
export function RowCorrections({
  row,
  primaryKey,
  corrected,
  onCorrect,
  onCancel,
}: {
  row: Row;
  /** Names the row and stays as it is. */
  primaryKey: string | undefined;
  /** Corrections made before. */
  corrected: Readonly<Record<string, string | null>>;
  onCorrect: (values: Record<string, string | null>) => void;
  onCancel: () => void;
}) {
  const before = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, valueText(value)]));
  const [values, setValues] = useState<Record<string, string | null>>({ ...before, ...corrected });
  const changed = changedValues(before, values);
  const count = Object.keys(changed).length;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onCorrect(changed);
      }}
    >
      <ul aria-label="Values of the row" className="flex flex-col divide-y rounded-md border">
        {Object.entries(values).map(([name, value]) => (
          <li
            key={name}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2 gap-y-1 px-2.5 py-1.5 sm:grid-cols-[10rem_minmax(0,1fr)_auto] sm:gap-x-3"
          >
            <label
              htmlFor={`correct-${name}`}
              className={
                name in changed
                  ? 'wrap-anywhere font-medium text-ink text-xs max-sm:col-span-2'
                  : 'wrap-anywhere text-muted text-xs max-sm:col-span-2'
              }
            >
              {name}
              {name in changed && <span className="text-accent"> corrected</span>}
            </label>
            <Input
              id={`correct-${name}`}
              mono
              autoComplete="off"
              value={value ?? ''}
              readOnly={name === primaryKey}
              placeholder={value === null ? 'NULL' : '(empty)'}
              onChange={(event) => setValues({ ...values, [name]: event.target.value })}
            />
            <Button
              size="sm"
              variant="ghost"
              disabledReason={
                name === primaryKey ? 'The primary key names the row.' : value === null ? 'It is NULL.' : null
              }
              onClick={() => setValues({ ...values, [name]: null })}
              aria-label={`Set ${name} to NULL`}
            >
              NULL
            </Button>
          </li>
        ))}
      </ul>
      <p className="text-faint text-xs">
        A correction is sent once and holds until the row of the model changes. Correct the model as well when
        the value is wrong there.
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          disabledReason={count === 0 && Object.keys(corrected).length === 0 ? 'Nothing is corrected.' : null}
        >
          Choose with {count === 1 ? 'this correction' : 'these corrections'}
        </Button>
      </div>
    </form>
  );
}
