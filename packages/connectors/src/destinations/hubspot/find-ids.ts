import type { ApiSession } from '../../kit/http/api-client.ts';
import { apiPath, jsonText } from '../../kit/http/api-request.ts';
import { RequestFailed } from '../../kit/http/request-failed.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import { recordId } from './property.ts';

/** Inputs of one lookup. https://developers.hubspot.com/docs/guides/api/crm/objects/contacts#retrieve-contacts (2026-11) */
const rowsMax = 100;

/**
 * Ids of records by the value of a unique property: value → id. Values without a record are left out. `email` is
 * compared without case, as HubSpot does.
 */
export async function findIds(
  session: ApiSession,
  type: string,
  property: string,
  values: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (property === recordId) {
    for (const value of values) found.set(value, value);
    return found;
  }
  const wanted = [...new Set(values)];
  for (let from = 0; from < wanted.length; from += rowsMax) {
    const part = wanted.slice(from, from + rowsMax);
    const results = await readPart(session, type, property, part);
    const byValue = new Map<string, string>();
    for (const result of results) {
      const value = valueAtPath(result, `properties.${property}`);
      if (typeof value === 'string') byValue.set(fold(property, value), String(valueAtPath(result, 'id')));
    }
    for (const value of part) {
      const id = byValue.get(fold(property, value));
      if (id !== undefined) found.set(value, id);
    }
  }
  return found;
}

async function readPart(
  session: ApiSession,
  type: string,
  property: string,
  values: readonly string[],
): Promise<unknown[]> {
  try {
    const { body } = await session.send({
      method: 'POST',
      path: apiPath`/crm/v3/objects/${type}/batch/read`,
      body: jsonText(
        JSON.stringify({
          properties: [property],
          propertiesWithHistory: [],
          idProperty: property,
          inputs: values.map((id) => ({ id })),
        }),
      ),
      reads: true,
    });
    const results = valueAtPath(body, 'results');
    return Array.isArray(results) ? results : [];
  } catch (thrown) {
    // None of them exists: HubSpot answers 404 then.
    if (thrown instanceof RequestFailed && thrown.failure.kind === 'refused' && thrown.failure.status === 404)
      return [];
    throw thrown;
  }
}

const fold = (property: string, value: string): string =>
  property === 'email' ? value.toLowerCase() : value;
