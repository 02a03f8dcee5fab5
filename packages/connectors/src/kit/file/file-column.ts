import type { Column, ColumnType, Value } from '@sluice/domain/column';
import { takesAllColumns } from '@sluice/domain/connector';
import type { Mapping } from '@sluice/domain/mapping';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { DestinationRecord } from '../destination.ts';
import { compileTemplate } from '../template.ts';

/** A column of a file, and where its values come from. */
export interface FileColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** The source's name of the type, for its precision; empty where the value has no source. */
  readonly nativeType: string;
  read(record: DestinationRecord): Value;
}

/**
 * The columns of a sync's files, in the order of its mappings, or all columns of the rows. `columns` are those of the rows,
 * with their types.
 */
export function fileColumns(
  { mappings, options }: Pick<SyncConfiguration, 'mappings' | 'options'>,
  columns: readonly Column[],
  context: {
    readonly variables: Readonly<Record<string, Value>>;
    readonly operationColumn: string | null;
  },
): FileColumn[] {
  const { operationColumn, variables } = context;
  const operation: FileColumn[] =
    operationColumn === null
      ? []
      : [{ name: operationColumn, type: 'string', nativeType: '', read: (record) => record.class }];
  if (takesAllColumns(options)) {
    const own = columns.filter(({ name }) => name !== operationColumn);
    return [...operation, ...own.map((column) => ({ ...column, read: columnReader(column.name) }))];
  }
  return [
    ...operation,
    ...mappings.map((mapping): FileColumn => {
      const removed = removedValue(mapping, variables);
      return {
        name: mapping.to,
        ...typeOf(mapping, columns),
        read: (record) =>
          record.class === 'removed' ? removed(record) : (record.fields[mapping.to] ?? null),
      };
    }),
  ];
}

const columnReader =
  (name: string): FileColumn['read'] =>
  ({ row }) =>
    row[name] ?? null;

function typeOf(mapping: Mapping, columns: readonly Column[]): Pick<FileColumn, 'type' | 'nativeType'> {
  const own = (type: ColumnType) => ({ type, nativeType: '' });
  switch (mapping.type) {
    case 'column': {
      const column = columns.find(({ name }) => name === mapping.from);
      return column ? { type: column.type, nativeType: column.nativeType } : own('string');
    }
    case 'static':
      if (typeof mapping.value === 'boolean') return own('boolean');
      if (typeof mapping.value === 'number')
        return own(Number.isInteger(mapping.value) ? 'integer' : 'float');
      return own('string');
    case 'variable':
      return own(mapping.variable.endsWith('-id') ? 'integer' : 'string');
    default:
      return own('string');
  }
}

/** A row that has left the model carries no fields: its values are made of what the ledger kept. */
function removedValue(
  mapping: Mapping,
  variables: Readonly<Record<string, Value>>,
): (record: DestinationRecord) => Value {
  switch (mapping.type) {
    case 'column':
      return ({ row }) => row[mapping.from] ?? null;
    case 'static':
      return () => mapping.value;
    case 'variable':
      return ({ class: name }) =>
        mapping.variable === 'change-class' ? name : (variables[mapping.variable] ?? null);
    default: {
      const render = compileTemplate(mapping.template);
      return ({ row, class: name }) => render({ row, context: { ...variables, 'change-class': name } });
    }
  }
}
