import { SluiceError } from '@sluice/domain/error';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';

/** A kind of record: `contacts`, or `2-123` for a custom one. */
export interface ObjectType {
  readonly id: string;
  readonly label: string;
  /** Properties that a new record must have. */
  readonly required: readonly string[];
}

/** https://developers.hubspot.com/docs/guides/api/crm/understanding-the-crm (2026-11) */
export const standardTypes: readonly ObjectType[] = [
  { id: 'contacts', label: 'Contacts', required: [] },
  { id: 'companies', label: 'Companies', required: [] },
  { id: 'deals', label: 'Deals', required: ['dealname', 'dealstage'] },
  { id: 'tickets', label: 'Tickets', required: ['hs_pipeline_stage', 'subject'] },
];

/** Numbers under which lists name the standard types. */
export const standardTypeIds: Readonly<Record<string, string>> = {
  '0-1': 'contacts',
  '0-2': 'companies',
  '0-3': 'deals',
  '0-5': 'tickets',
};

/** The account's own types. None where the plan has no custom objects, or the token lacks their scope. */
export async function listCustomTypes(client: ApiClient): Promise<ObjectType[]> {
  try {
    const { body } = await client.read({ method: 'GET', path: '/crm-object-schemas/v3/schemas' });
    const results = valueAtPath(body, 'results');
    if (!Array.isArray(results)) return [];
    return results.map((schema: unknown) => ({
      id: String(valueAtPath(schema, 'objectTypeId')),
      label: String(valueAtPath(schema, 'labels.plural') ?? valueAtPath(schema, 'name')),
      required: ((valueAtPath(schema, 'requiredProperties') as unknown[] | undefined) ?? []).map(String),
    }));
  } catch (thrown) {
    if (thrown instanceof SluiceError && thrown.code === 'destination_permission') return [];
    throw thrown;
  }
}
