import type { DestinationField } from '@sluice/domain/connector';
import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { jsonText } from '../../../kit/http/api-request.ts';
import { delivered, type Portion, type Route, rejected, unexplained } from '../../../kit/http/route.ts';
import { valueAtPath } from '../../../kit/http/value-at-path.ts';
import { valueToJson } from '../../../kit/value-json.ts';

/** People, found by their e-mail address. */
export const contacts: ApiObject = {
  id: 'contacts',
  label: 'Contacts',
  modes: ['upsert', 'mirror'],
  deleteBehaviours: ['nothing', 'delete'],
  async describe(client) {
    const { body } = await client.read({ method: 'GET', path: '/v1/fields' });
    const fields = valueAtPath(body, 'fields');
    return { fields: Array.isArray(fields) ? fields.map(fieldOf) : [] };
  },
  // The vendor's limits, with a link and the date they were read.
  limits: { batchRowsMax: 100, concurrency: 4, requests: [{ count: 10, perMs: 1000 }] },
  routes: () => (record) => (record.operation === 'delete' ? removal : upsert),
};

/** Several contacts in one request; the answer has one result for each, in their order. */
const upsert: Route = {
  name: 'upsert',
  batch: { rows: 100, bytes: 1_000_000 },
  encode: ({ matchValue, fields }) => valueToJson({ email: matchValue, fields }),
  identity: ({ matchValue }) => String(matchValue).toLowerCase(),
  request: ({ items }) => ({
    method: 'POST',
    path: '/v1/contacts/batch',
    body: jsonText(`{"contacts":[${items.join(',')}]}`),
  }),
  read: ({ body }, portion) => resultsOf(body, portion),
};

const removal: Route = {
  name: 'delete',
  batch: { rows: 100 },
  encode: ({ matchValue }) => JSON.stringify(String(matchValue)),
  request: ({ items }) => ({
    method: 'POST',
    path: '/v1/contacts/batch-delete',
    body: jsonText(`{"emails":[${items.join(',')}]}`),
  }),
  read: (_, { records }) => records.map(() => delivered),
};

function resultsOf(body: unknown, { records }: Portion) {
  const results = valueAtPath(body, 'results');
  return records.map((_, index) => {
    const result: unknown = Array.isArray(results) ? results[index] : undefined;
    const [code, message] = [valueAtPath(result, 'error.code'), valueAtPath(result, 'error.message')];
    if (typeof code === 'string') return rejected(code, String(message ?? ''));
    return valueAtPath(result, 'id') === undefined ? unexplained('Example CRM') : delivered;
  });
}

function fieldOf(field: unknown): DestinationField {
  const name = String(valueAtPath(field, 'name'));
  return apiField(name, String(valueAtPath(field, 'label') ?? name), 'string', {
    matchable: valueAtPath(field, 'unique') === true,
    readOnly: valueAtPath(field, 'readOnly') === true,
  });
}
