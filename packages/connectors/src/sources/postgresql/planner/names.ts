import { plannerSchema } from '../../../kit/planner.ts';
import { quoteIdentifier } from '../../../kit/sql-identifier.ts';

/**
 * Our tables of one sync: the mirror of its ledger, which files of the ledger are in it, prints that may count later, and
 * what is being uploaded. None is shared, so that users of several sources may use one schema.
 */
export const tablesOf = (syncId: number) => ({
  ledger: table(`ledger_${Math.trunc(syncId)}`),
  version: table(`version_${Math.trunc(syncId)}`),
  seen: table(`seen_${Math.trunc(syncId)}`),
  incoming: table(`incoming_${Math.trunc(syncId)}`),
});

const table = (name: string): string => `${plannerSchema}.${name}`;

/** Matches the names that `tablesOf` makes, and finds the sync in them. */
export const tableNamePattern = '^(?:ledger|version|seen|incoming)_(\\d+)$';

/** What an administrator runs to give the schema to `{user}`: the least that the planner works with. */
export const schemaStatements = [
  `CREATE SCHEMA IF NOT EXISTS ${plannerSchema};`,
  `GRANT USAGE, CREATE ON SCHEMA ${plannerSchema} TO {user};`,
].join('\n');

export const grantStatements = (user: string): string =>
  schemaStatements.replace('{user}', () => quoteIdentifier(user));
