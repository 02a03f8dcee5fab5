import type { DestinationField } from '@sluice/domain/connector';
import type { DestinationRecord } from '../../../kit/destination.ts';
import type { ApiClient } from '../../../kit/http/api-client.ts';
import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { apiPath, jsonText } from '../../../kit/http/api-request.ts';
import { delivered, type Route, RowRejected } from '../../../kit/http/route.ts';
import { valueAtPath } from '../../../kit/http/value-at-path.ts';
import { isoTime } from '../../../kit/time-value.ts';
import { valueToJson } from '../../../kit/value-json.ts';
import { catalogLimits } from '../limits.ts';

const fieldTypes: Readonly<Record<string, DestinationField['type']>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  time: 'datetime',
  object: 'json',
  array: 'json',
};

/** Every catalog of the workspace. https://www.braze.com/docs/api/endpoints/catalogs/catalog_management/synchronous/get_list_catalogs/ (2026-11) */
export async function listCatalogs(client: ApiClient): Promise<ApiObject[]> {
  const { body } = await client.read({ method: 'GET', path: '/catalogs' });
  const catalogs = valueAtPath(body, 'catalogs');
  return (Array.isArray(catalogs) ? (catalogs as unknown[]) : []).map((catalog) => {
    const fields = valueAtPath(catalog, 'fields');
    return catalogItems(
      String(valueAtPath(catalog, 'name')),
      (Array.isArray(fields) ? (fields as unknown[]) : []).map((field) => {
        const name = String(valueAtPath(field, 'name'));
        const type = String(valueAtPath(field, 'type'));
        const key = name === 'id' ? { matchable: true, required: true } : {};
        return apiField(name, name, fieldTypes[type] ?? 'unknown', { nativeType: type, ...key });
      }),
    );
  });
}

/** Items of one catalog. New ones are put whole; of known ones only the mapped fields change. */
function catalogItems(catalog: string, fields: readonly DestinationField[]): ApiObject {
  const times = new Set(fields.filter(({ type }) => type === 'datetime').map(({ name }) => name));
  const path = apiPath`/catalogs/${catalog}/items`;
  const itemOf = ({ matchValue, fields: values }: DestinationRecord): string => {
    const own = Object.entries(values).map(
      ([name, value]) => [name, times.has(name) ? isoTime(value) : value] as const,
    );
    return valueToJson({ ...Object.fromEntries(own), id: idOf(matchValue) });
  };
  const route = (name: string, method: 'PUT' | 'PATCH' | 'DELETE', encode: Route['encode']): Route => ({
    name,
    batch: { rows: 50 },
    identity: ({ matchValue }) => String(matchValue).trim(),
    encode,
    request: ({ items }) => ({ method, path, body: jsonText(`{"items":[${items.join(',')}]}`) }),
    read: (_, { records }) => records.map(() => delivered),
  });
  const put = route('put', 'PUT', itemOf);
  const patch = route('patch', 'PATCH', itemOf);
  const remove = route('delete', 'DELETE', ({ matchValue }) => JSON.stringify({ id: idOf(matchValue) }));
  return {
    id: `catalog-${catalog}`,
    label: `Catalog: ${catalog}`,
    modes: ['upsert', 'update', 'mirror'],
    deleteBehaviours: ['nothing', 'delete'],
    describe: () => Promise.resolve({ fields }),
    limits: catalogLimits,
    routes: () => (record) => {
      if (record.operation === 'delete') return remove;
      return record.operation === 'update' || record.class === 'changed' ? patch : put;
    },
  };
}

/** https://www.braze.com/docs/api/endpoints/catalogs/catalog_items/ (2026-11): letters, digits, hyphens, underscores; 250 at most. */
function idOf(value: DestinationRecord['matchValue']): string {
  const id = String(value).trim();
  if (/^[\w-]{1,250}$/.test(id)) return id;
  throw new RowRejected(
    'item_id_invalid',
    `"${id.slice(0, 60)}" cannot be the id of an item: letters, digits, - and _.`,
  );
}
