import type { Row, Value } from '@sluice/domain/column';
import type { DestinationField } from '@sluice/domain/connector';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { DestinationRecord } from '../../kit/destination.ts';
import { apiField } from '../../kit/http/api-object.ts';
import { RowRejected } from '../../kit/http/route.ts';
import { valueToJson } from '../../kit/value-json.ts';

/** What a profile is found by. https://developers.klaviyo.com/en/docs/profiles_api_overview (2026-11) */
export const identifierFields: readonly DestinationField[] = [
  apiField('email', 'Email', 'string', { matchable: true, nativeType: 'identifier' }),
  apiField('phone_number', 'Phone number (E.164)', 'string', { matchable: true, nativeType: 'identifier' }),
  apiField('external_id', 'External ID', 'string', { matchable: true, nativeType: 'identifier' }),
  apiField('id', 'Klaviyo ID', 'string', { matchable: true, givenOut: true, nativeType: 'identifier' }),
];

const standard = {
  first_name: 'First name',
  last_name: 'Last name',
  organization: 'Organisation',
  title: 'Title',
  locale: 'Locale',
  image: 'Image',
} as const;
const location = {
  address1: 'Address',
  address2: 'Address, second line',
  city: 'City',
  region: 'Region',
  zip: 'Postal code',
  country: 'Country',
  latitude: 'Latitude',
  longitude: 'Longitude',
  timezone: 'Time zone',
} as const;

/** Fields that every profile has; any other name is a property of your own. */
export const profileFields: readonly DestinationField[] = [
  ...identifierFields,
  ...Object.entries(standard).map(([name, label]) => apiField(name, label, 'string')),
  ...Object.entries(location).map(([name, label]) => apiField(`location.${name}`, label, 'string')),
];

/** The match value as text. Throws `RowRejected` for none. */
export function identifierText({ matchValue }: DestinationRecord): string {
  const text = matchValue === null ? '' : plainText(matchValue).trim();
  if (text === '') throw new RowRejected('match_value_missing', 'The row does not say whose profile it is.');
  return text;
}

/**
 * A profile of JSON:API. NULL clears a standard field and takes a property away; what has no value is left alone.
 * `cleared`: the mapped fields instead of the row's.
 */
export function profileJson(
  record: DestinationRecord,
  sync: SyncConfiguration,
  fields: Row = record.fields,
): { [name: string]: Value } {
  const attributes: { [name: string]: Value } = {};
  const places: { [name: string]: Value } = {};
  const properties: { [name: string]: Value } = {};
  const unset: string[] = [];
  let [placed, owned] = [false, false];
  for (const name in fields) {
    const value = fields[name] ?? null;
    if (own.has(name)) attributes[name] = textOf(value);
    else if (name === 'id') continue;
    else if (name.startsWith('location.')) {
      places[name.slice('location.'.length)] = textOf(value);
      placed = true;
    } else if (value === null) unset.push(name);
    else {
      properties[name] = value;
      owned = true;
    }
  }
  const by = sync.matchKey?.to ?? 'email';
  const text = identifierText(record);
  if (by !== 'id') attributes[by] = text;
  if (placed) attributes.location = places;
  if (owned) attributes.properties = properties;
  const profile: { [name: string]: Value } =
    by === 'id' ? { type: 'profile', id: text, attributes } : { type: 'profile', attributes };
  if (unset.length > 0) profile.meta = { patch_properties: { unset } };
  return profile;
}

/** What is written beside places and properties. */
const own: ReadonlySet<string> = new Set([
  ...['email', 'phone_number', 'external_id'],
  ...Object.keys(standard),
]);
const textOf = (value: Value): Value => (value === null ? null : plainText(value));
const plainText = (value: Value): string => (typeof value === 'object' ? valueToJson(value) : String(value));
