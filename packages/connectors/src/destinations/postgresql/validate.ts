import type { SyncConfiguration } from '@sluice/domain/sync';
import { type Operation, operationsOf, syncModes } from '@sluice/domain/sync-mode';
import { escapeIdentifier } from 'pg';
import { isRequired } from './describe-table.ts';
import { modesOf } from './list-tables.ts';
import type { Table, TableColumn } from './table.ts';
import { tableId, tableSql } from './table-id.ts';

/** Checks a sync to a table. Answers path in the configuration (`mappings.2.to`) → message. */
export function validate(
  configuration: SyncConfiguration,
  table: Table,
  user: string,
): Record<string, string> {
  const problems: Record<string, string> = {};
  const add = (path: string, message: string | null): void => {
    if (message) problems[path] ??= message;
  };
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const sent = [...new Set(Object.values(operationsOf(configuration)))].filter((one) => one !== null);

  add('mode', findModeProblem(configuration, table));
  add('object', findGrantProblem(sent, table, user));
  add('matchKey', findMatchKeyProblem(configuration, byName, sent));
  checkMappings(configuration, byName, add);
  checkRequired(configuration, table, sent, add);
  checkCleared(configuration, byName, sent, add);
  const [option] = Object.keys(configuration.options);
  if (option !== undefined) add(`options.${option}`, 'PostgreSQL tables have no options.');
  return problems;
}

type Add = (path: string, message: string | null) => void;
type Columns = ReadonlyMap<string, TableColumn>;

function findModeProblem({ mode }: SyncConfiguration, table: Table): string | null {
  const modes = modesOf(table.columns.some(({ unique }) => unique));
  if (modes.includes(mode)) return null;
  if (!['upsert', 'update', 'mirror'].includes(mode))
    return `PostgreSQL tables do not take the mode ${mode}.`;
  return `${tableId(table)} has no column with a unique index of its own, so records cannot be found again. Add a primary key or a unique constraint, or use Insert.`;
}

/** The rights that the sync's statements need. ON CONFLICT and joins read the match column. */
function findGrantProblem(sent: readonly Operation[], table: Table, user: string): string | null {
  const needed = new Set<'select' | 'insert' | 'update' | 'delete'>();
  for (const operation of sent) {
    if (operation !== 'create') needed.add('select');
    if (operation === 'create' || operation === 'upsert') needed.add('insert');
    if (operation === 'upsert' || operation === 'update' || operation === 'clear') needed.add('update');
    if (operation === 'delete') needed.add('delete');
  }
  const lacking = [...needed].filter((right) => !table.may[right]).map((right) => right.toUpperCase());
  if (lacking.length === 0) return null;
  const rights = lacking.join(', ');
  return `The user may not ${rights.replace(/, ([A-Z]+)$/, ' or $1')} here. Have the owner run: GRANT ${rights} ON ${tableSql(table)} TO ${escapeIdentifier(user)};`;
}

function findMatchKeyProblem(
  { mode, matchKey }: SyncConfiguration,
  byName: Columns,
  sent: readonly Operation[],
): string | null {
  if (!matchKey) {
    return syncModes[mode].needsMatchKey ? 'Choose the column that records are found by.' : null;
  }
  const column = byName.get(matchKey.to);
  if (!column) return `The table has no column "${matchKey.to}".`;
  if (!column.unique && mode !== 'insert') {
    return `"${column.name}" has no unique index of its own. Add a unique constraint to it, or match by another column.`;
  }
  if (column.generated && sent.some((operation) => operation === 'create' || operation === 'upsert')) {
    return `The server makes the values of "${column.name}", so records cannot be created with it. Match by another column, or use Update.`;
  }
  return null;
}

function checkMappings({ mappings, matchKey, mode }: SyncConfiguration, byName: Columns, add: Add): void {
  const taken = new Map<string, string>();
  if (matchKey) taken.set(matchKey.to, 'the match key');
  mappings.forEach(({ to }, index) => {
    const column = byName.get(to);
    const earlier = taken.get(to);
    if (!column) add(`mappings.${index}.to`, `The table has no column "${to}".`);
    else if (column.generated) add(`mappings.${index}.to`, `The server makes the values of "${to}".`);
    else if (earlier) add(`mappings.${index}.to`, `"${to}" is written by ${earlier} already.`);
    taken.set(to, `mapping ${index + 1}`);
  });
  if (mappings.length > 0) return;
  if (mode === 'update') add('mappings', 'Map at least one column: an update would change nothing.');
  if (mode === 'insert' && !matchKey) add('mappings', 'Map at least one column.');
}

function checkRequired(
  { mappings, matchKey }: SyncConfiguration,
  table: Table,
  sent: readonly Operation[],
  add: Add,
): void {
  if (!sent.some((operation) => operation === 'create' || operation === 'upsert')) return;
  const mapped = new Set(mappings.map(({ to }) => to));
  const missing = table.columns
    .filter((column) => isRequired(column) && !mapped.has(column.name) && column.name !== matchKey?.to)
    .map(({ name }) => `"${name}"`);
  if (missing.length === 0) return;
  const [subject, verb] = missing.length === 1 ? ['is', 'has'] : ['are', 'have'];
  add('mappings', `${missing.join(', ')} ${subject} required: NOT NULL and ${verb} no default.`);
}

function checkCleared(
  { mappings, matchKey }: SyncConfiguration,
  byName: Columns,
  sent: readonly Operation[],
  add: Add,
): void {
  if (!sent.includes('clear')) return;
  const others = mappings.filter(({ to }) => to !== matchKey?.to);
  const fixed = others.filter(({ to }) => byName.get(to)?.notNull).map(({ to }) => `"${to}"`);
  if (fixed.length > 0) {
    add(
      'deleteBehaviour',
      `${fixed.join(', ')} cannot be cleared, being NOT NULL. Delete the record, or leave it.`,
    );
  }
  if (others.length === 0) add('deleteBehaviour', 'No column is mapped that could be cleared.');
}
