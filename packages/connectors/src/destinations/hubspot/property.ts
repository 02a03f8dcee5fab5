import type { Value } from '@sluice/domain/column';
import type { DestinationField } from '@sluice/domain/connector';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { apiField } from '../../kit/http/api-object.ts';
import { apiPath } from '../../kit/http/api-request.ts';
import { RowRejected } from '../../kit/http/route.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import { isoTime } from '../../kit/time-value.ts';
import { valueToJson } from '../../kit/value-json.ts';
import type { ObjectType } from './object-type.ts';

/** The id that HubSpot gives each record. */
export const recordId = 'hs_object_id';

/** A property of an object, as far as writing it needs it. */
export interface Property {
  readonly field: DestinationField;
  /** HubSpot's type: string, number, bool, date, datetime, enumeration. */
  readonly type: string;
}

/** https://developers.hubspot.com/docs/reference/api/crm/properties (2026-11) */
export async function readProperties(client: ApiClient, type: ObjectType): Promise<Property[]> {
  const { body } = await client.read({ method: 'GET', path: apiPath`/crm/v3/properties/${type.id}` });
  const results = valueAtPath(body, 'results');
  const properties = Array.isArray(results) ? results.map((property) => toProperty(property, type)) : [];
  const more = { matchable: true, givenOut: true, nativeType: 'identifier' } as const;
  const id = apiField(recordId, 'Record ID', 'string', more);
  return [{ field: id, type: 'string' }, ...properties.filter(({ field }) => field.name !== recordId)];
}

const fieldTypes: Readonly<Record<string, DestinationField['type']>> = {
  string: 'string',
  number: 'number',
  bool: 'boolean',
  date: 'date',
  datetime: 'datetime',
  enumeration: 'string',
  json: 'json',
};

function toProperty(property: unknown, objectType: ObjectType): Property {
  const at = (path: string): unknown => valueAtPath(property, path);
  const name = String(at('name'));
  const type = String(at('type'));
  const options = (at('options') as unknown[] | undefined) ?? [];
  const field = apiField(name, String(at('label') ?? name), fieldTypes[type] ?? 'unknown', {
    nativeType: at('fieldType') === 'checkbox' && type === 'enumeration' ? 'multi-select' : type,
    required: objectType.required.includes(name),
    readOnly: at('modificationMetadata.readOnlyValue') === true || at('calculated') === true,
    matchable: at('hasUniqueValue') === true || (objectType.id === 'contacts' && name === 'email'),
    ...(type === 'enumeration' &&
      at('externalOptions') !== true && {
        options: options.map((option) => ({
          value: String(valueAtPath(option, 'value')),
          label: String(valueAtPath(option, 'label')),
        })),
      }),
  });
  return { field, type };
}

/**
 * A value as HubSpot takes it: everything is text, and empty text clears. Dates are `YYYY-MM-DD`, times ISO 8601,
 * several choices are joined by semicolons. Throws `RowRejected` for a time that is none.
 */
export function propertyText(name: string, value: Value, type: string | undefined): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map((item) => propertyText(name, item, type)).join(';');
  if (type === 'datetime' || type === 'date') {
    if (value === '') return '';
    const iso = isoTime(value);
    if (iso === null) {
      throw new RowRejected(
        'time_invalid',
        `"${String(value).slice(0, 60)}" is not a time, as "${name}" needs it.`,
      );
    }
    return type === 'date' ? iso.slice(0, 10) : iso;
  }
  return typeof value === 'object' ? valueToJson(value) : String(value);
}
