'use client';

import type { Column } from '@sluice/domain/column';
import { type FilterOperator, filterOperators, type RowCondition } from '@sluice/domain/row-filter';
import type { SyncView } from '@sluice/domain/sync';
import { Button, IconButton } from '@sluice/ui/Button';
import { Input } from '@sluice/ui/Input';
import { Select } from '@sluice/ui/Select';
import { Plus, X } from 'lucide-react';

/** A condition that is being written; values of `in` are separated by commas. */
export interface ConditionDraft {
  readonly id: number;
  readonly column: string;
  readonly operator: FilterOperator;
  readonly value: string;
}

let lastId = 0;

export function emptyCondition({
  primaryKey,
  modelColumns,
}: Pick<SyncView, 'primaryKey' | 'modelColumns'>): ConditionDraft {
  lastId += 1;
  const column = modelColumns.find(({ name }) => name === primaryKey) ?? modelColumns[0];
  return { id: lastId, column: column?.name ?? primaryKey, operator: 'in', value: '' };
}

/** What the API gets of a draft. */
export function conditionOf({ column, operator, value }: ConditionDraft): RowCondition {
  if (operator === 'is_null' || operator === 'is_not_null') return { column, operator };
  if (operator !== 'in') return { column, operator, value };
  const values = value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return { column, operator, value: values };
}

/** Conditions on columns of the model; a row has to fulfil all of them. */
export function FilterFields({
  columns,
  conditions,
  onChange,
}: {
  columns: readonly Column[];
  conditions: readonly ConditionDraft[];
  onChange: (conditions: readonly ConditionDraft[]) => void;
}) {
  const change = (id: number, part: Partial<ConditionDraft>) =>
    onChange(conditions.map((condition) => (condition.id === id ? { ...condition, ...part } : condition)));
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 font-medium text-ink text-sm">Rows for which all of these hold</legend>
      {conditions.map((condition, index) => {
        const needsValue = !condition.operator.startsWith('is_');
        return (
          <div
            key={condition.id}
            className="grid min-w-0 grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] gap-2 sm:grid-cols-[minmax(0,1fr)_10rem_minmax(0,1.5fr)_auto]"
          >
            <Select
              aria-label={`Column of condition ${index + 1}`}
              value={condition.column}
              onChange={(column) => change(condition.id, { column })}
              options={columns.map(({ name, nativeType }) => ({
                value: name,
                label: name,
                help: nativeType,
              }))}
            />
            <Select
              aria-label={`Comparison of condition ${index + 1}`}
              value={condition.operator}
              onChange={(operator) => change(condition.id, { operator })}
              options={(Object.keys(filterOperators) as FilterOperator[]).map((operator) => ({
                value: operator,
                label: filterOperators[operator],
              }))}
            />
            <div className="max-sm:order-last max-sm:col-span-3">
              {needsValue && (
                <Input
                  aria-label={`Value of condition ${index + 1}`}
                  mono
                  autoComplete="off"
                  placeholder={condition.operator === 'in' ? '1, 2, 3' : 'Value'}
                  value={condition.value}
                  onChange={(event) => change(condition.id, { value: event.target.value })}
                />
              )}
            </div>
            <IconButton
              label={`Remove condition ${index + 1}`}
              disabledReason={conditions.length === 1 ? 'One is needed; choose "All rows" instead.' : null}
              onClick={() => onChange(conditions.filter(({ id }) => id !== condition.id))}
            >
              <X />
            </IconButton>
          </div>
        );
      })}
      <Button
        size="sm"
        className="self-start"
        disabledReason={conditions.length >= 20 ? '20 conditions at most.' : null}
        onClick={() =>
          onChange([...conditions, emptyCondition({ primaryKey: '', modelColumns: [...columns] })])
        }
      >
        <Plus />
        Add a condition
      </Button>
    </fieldset>
  );
}
