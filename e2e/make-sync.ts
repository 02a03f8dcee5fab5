import { expect } from '@playwright/test';
import type { Customer } from './customer.ts';
import { configurationOf, operations } from './operations.ts';

/** A source, a model, a destination and a sync of the customer, made over the API in the operator's workspace. */
export async function makeSync(
  customer: Customer,
  wanted: {
    name: string;
    sql: string;
    destination: 'http' | 'postgresql';
    configuration: Record<string, unknown>;
  },
): Promise<number> {
  const { name, sql } = wanted;
  const database = { name, slug: name, type: 'postgresql', configuration: configurationOf(customer) };
  const endpoint = {
    name,
    slug: name,
    type: 'http-request',
    configuration: { baseUrl: process.env.E2E_ENDPOINT ?? '', headers: [] },
  };
  const source = await create('/sources', database);
  const model = await create('/models', {
    name: `People of ${name}`,
    slug: name,
    sourceId: source,
    primaryKey: 'id',
    raw: { sql },
  });
  const destination = await create('/destinations', wanted.destination === 'http' ? endpoint : database);
  return create('/syncs', {
    slug: name,
    modelId: model,
    destinationId: destination,
    configuration: wanted.configuration,
  });
}

/** Makes one thing over the API; answers its id. */
export async function create(path: string, body: object): Promise<number> {
  const response = await fetch(`${process.env.E2E_URL}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operations().token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return (JSON.parse(text) as { id: number }).id;
}
