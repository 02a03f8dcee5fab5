import type { Definitions } from '../files/definition.ts';
import { fillReferences, mapTexts } from '../files/environment-reference.ts';
import type { ResourceId } from '../kind.ts';
import type { Environment } from './compare-connection.ts';
import type { PlannedChange } from './make-plan.ts';

/** The number of what a slug names, as it is when the request is sent. */
export type IdOf = (kind: 'sources' | 'destinations' | 'models' | 'syncs', slug: string) => ResourceId;

/** The body of the request that makes a change: everything on creation, what differs on a change. */
export function requestBody(change: PlannedChange, environment: Environment, idOf: IdOf): unknown {
  const whole = wholeBody(change, environment, idOf);
  if (change.action === 'create') return { ...whole, slug: change.slug };
  const touched = new Set(change.fields.flatMap(({ path }) => path.split(/[.[ ]/, 1)));
  return {
    ...pick(whole, [...touched]),
    ...(touched.has('query') && pick(whole, ['queryType', 'raw', 'table', 'dbt'])),
    ...(touched.has('primaryKey') && { acceptFullResync: true }),
  };
}

function wholeBody(change: PlannedChange, environment: Environment, idOf: IdOf): Record<string, unknown> {
  const { kind, definition } = change;
  if (kind === 'models') {
    const { source, query, ...fields } = definition as Definitions['models'];
    return { ...fields, sourceId: idOf('sources', source), ...queryBody(query) };
  }
  if (kind === 'syncs') {
    const { model, destination, ...fields } = definition as Definitions['syncs'];
    return { ...fields, modelId: idOf('models', model), destinationId: idOf('destinations', destination) };
  }
  if (kind === 'sequences') {
    const { steps, ...fields } = definition as Definitions['sequences'];
    return { ...fields, steps: steps.map(({ sync, policy }) => ({ syncId: idOf('syncs', sync), policy })) };
  }
  const { configuration, ...fields } = definition as Definitions['sources'];
  const filled = mapTexts(configuration, (text) => fillReferences(text, environment));
  return { ...fields, configuration: { ...leftOut(change), ...(filled as object) } };
}

/** What the server would keep of a connection because the file does not say it: sent as nothing, it is cleared. */
function leftOut(change: PlannedChange): Record<string, null> {
  const names = change.fields.flatMap(({ path }) => /^configuration\.([^.]+)$/.exec(path)?.[1] ?? []);
  return Object.fromEntries(names.map((name) => [name, null]));
}

function queryBody(query: Definitions['models']['query']): Record<string, unknown> {
  if (query.queryType === 'raw_sql') return { queryType: query.queryType, raw: { sql: query.sql } };
  if (query.queryType === 'dbt')
    return { queryType: query.queryType, dbt: { dbtProject: query.project, dbtUniqueId: query.uniqueId } };
  return { queryType: query.queryType, table: { name: `${query.schema}.${query.table}` } };
}

const pick = (from: Record<string, unknown>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
