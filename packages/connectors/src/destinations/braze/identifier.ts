import type { Value } from '@sluice/domain/column';
import type { DestinationField } from '@sluice/domain/connector';
import type { ConfigField } from '@sluice/domain/field';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { apiField } from '../../kit/http/api-object.ts';
import { optionText } from '../../kit/object-options.ts';

const identifier = (name: string, label: string): DestinationField =>
  apiField(name, label, 'string', { matchable: true, nativeType: 'identifier' });

/** What a user is found by: exactly one of them. https://www.braze.com/docs/api/objects_filters/user_attributes_object/ (2026-11) */
export const identifierFields: readonly DestinationField[] = [
  identifier('external_id', 'External ID'),
  identifier('user_alias', 'User alias'),
  identifier('braze_id', 'Braze ID'),
  identifier('email', 'Email'),
  identifier('phone', 'Phone'),
];

/** An alias is a name under a label, and the label is the same for a whole sync. */
export const aliasLabel: ConfigField = {
  name: 'aliasLabel',
  label: 'Alias label',
  kind: 'text',
  help: 'Only for users that are found by an alias: under which label it is kept.',
  placeholder: 'customer_number',
  secret: false,
  required: false,
};

/** A sync that finds users by an alias has to say its label. */
export const aliasProblems = (sync: SyncConfiguration): Record<string, string> =>
  sync.matchKey?.to === 'user_alias' && optionText([aliasLabel], sync.options, 'aliasLabel') === ''
    ? { 'options.aliasLabel': 'Say under which label the alias is kept.' }
    : {};

/** `{ external_id: "1" }`, or `{ user_alias: { alias_name, alias_label } }`. */
export function identifierOf(sync: SyncConfiguration, value: Value): { [name: string]: Value } {
  const field = sync.matchKey?.to ?? 'external_id';
  const text = String(value).trim();
  if (field !== 'user_alias') return { [field]: text };
  return {
    user_alias: { alias_name: text, alias_label: optionText([aliasLabel], sync.options, 'aliasLabel') },
  };
}
