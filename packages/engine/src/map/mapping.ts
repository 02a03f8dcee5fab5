import type { DestinationRecord } from '@sluice/connectors/kit/destination';
import { compileTemplate } from '@sluice/connectors/kit/template';
import type { Row, Value } from '@sluice/domain/column';
import { toSluiceError } from '@sluice/domain/error';
import type { Mapping, MappingVariable } from '@sluice/domain/mapping';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf } from '@sluice/domain/sync-mode';
import type { PlannedChange } from '../plan/planned-change.ts';

/** Values of the mapping variables of one run; the class of the change is added per row. */
export type RunVariables = Readonly<Record<Exclude<MappingVariable, 'change-class'>, Value>>;

export type MappingResult =
  | { readonly record: DestinationRecord }
  | { readonly rejected: { readonly code: string; readonly message: string } };

/**
 * Compiles a configuration into the function that makes records of changes. Removed rows carry no fields: their match
 * value and kept columns say which record is meant. A row that cannot be mapped is rejected with the reason; nothing
 * throws per row. Throws `template_invalid` for a template that does not parse.
 */
export function compileMappings(
  configuration: SyncConfiguration,
  variables: RunVariables,
): (change: PlannedChange) => MappingResult {
  const operations = operationsOf(configuration);
  const fields = configuration.mappings.map((mapping) => compileField(mapping, variables));
  const matchFrom = configuration.matchKey?.from;
  return (change) => {
    const operation = operations[change.class];
    if (operation === null) return rejected('not_sent', `The mode does not send ${change.class} rows.`);
    if (change.oversize) return rejected('row_too_large', oversizeMessage(change.oversize));
    const matchValue = matchFrom === undefined ? null : change.row[matchFrom];
    if (matchFrom !== undefined) {
      if (matchValue === undefined) {
        return rejected(
          'match_value_unknown',
          `"${matchFrom}" was not the match key when this row was sent, so its record cannot be found.`,
        );
      }
      if (matchValue === null) return rejected('match_key_null', `The match key "${matchFrom}" is NULL.`);
      if (change.twin) return rejected('match_key_duplicate', twinMessage(matchFrom, change.twin));
    }
    const record: Row = {};
    if (change.class !== 'removed') {
      let at = 0;
      try {
        for (; at < fields.length; at += 1) {
          const field = fields[at] as Field;
          const value = field.valueOf(change);
          if (value !== null || field.sendsNull) record[field.to] = value;
        }
      } catch (thrown) {
        const error = toSluiceError(thrown);
        return rejected(error.code, `Mapping of "${fields[at]?.to}": ${error.message}`);
      }
    }
    const { seq, key, row } = change;
    return {
      record: {
        seq,
        key,
        class: change.class,
        operation,
        matchValue: matchValue ?? null,
        fields: record,
        row,
      },
    };
  };
}

interface Field {
  readonly to: string;
  readonly sendsNull: boolean;
  valueOf(change: PlannedChange): Value;
}

function compileField(mapping: Mapping, variables: RunVariables): Field {
  return { to: mapping.to, sendsNull: mapping.nulls === 'send', valueOf: compileValue(mapping, variables) };
}

/** Compiles one mapping into the function that makes its value of a change; it may throw. */
export function compileValue(mapping: Mapping, variables: RunVariables): (change: PlannedChange) => Value {
  switch (mapping.type) {
    case 'column':
      return ({ row }) => row[mapping.from] ?? null;
    case 'static':
      return () => mapping.value;
    case 'variable': {
      const name = mapping.variable;
      return name === 'change-class' ? (change) => change.class : () => variables[name];
    }
    case 'template': {
      const render = compileTemplate(mapping.template);
      return (change) => render({ row: change.row, context: { ...variables, 'change-class': change.class } });
    }
  }
}

/** What all such rows have in common is the first line, by which they are grouped. */
const twinMessage = (column: string, key: string): string =>
  `Several rows of the model have this value of the match key "${column}"; none of them is sent, because either could win.\nAnother one has the primary key "${key}".`;

const oversizeMessage = (bytes: number): string =>
  `The row is longer than the memory for staging allows: leave out or shorten its large column.\nIt has ${bytes.toLocaleString('en-US')} bytes.`;

const rejected = (code: string, message: string): MappingResult => ({ rejected: { code, message } });
