import type { Value } from '@sluice/domain/column';
import type { DestinationField } from '@sluice/domain/connector';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { apiField } from '../../kit/http/api-object.ts';

/** What a person is found by. https://docs.customer.io/journeys/identifying-people/ (2026-11) */
export const identifierFields: readonly DestinationField[] = [
  apiField('id', 'ID', 'string', { matchable: true, nativeType: 'identifier' }),
  apiField('email', 'Email', 'string', { matchable: true, nativeType: 'identifier' }),
  apiField('cio_id', 'Customer.io ID', 'string', { matchable: true, nativeType: 'identifier' }),
];

/** `{ email: 'ada@example.com' }`. */
export const identifiersOf = (sync: SyncConfiguration, value: Value): { [name: string]: Value } => ({
  [sync.matchKey?.to ?? 'id']: identifierText(value),
});

/** Identifiers are text, whatever the column is. */
export const identifierText = (value: Value): string =>
  typeof value === 'string'
    ? value.trim()
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
