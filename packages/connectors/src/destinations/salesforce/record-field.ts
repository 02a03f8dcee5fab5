import type { DestinationField } from '@sluice/domain/connector';
import type { ApiClient } from '../../kit/http/api-client.ts';
import { apiField } from '../../kit/http/api-object.ts';
import { describeSObject, type SField } from './sobject.ts';

/** The id that Salesforce gives each record. */
export const recordId = 'Id';

/** Something a row can be mapped to: a field, or a parent by one of the parent's external ids. */
export interface RecordField {
  readonly field: DestinationField;
  readonly type: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  /** `Account.Code__c`: the relationship, the field that holds the parent's id, and the parent's key. */
  readonly parent?: { readonly relationship: string; readonly idField: string; readonly key: string };
}

const types: Readonly<Record<string, DestinationField['type']>> = {
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  date: 'date',
  datetime: 'datetime',
  base64: 'binary',
};

/** Parents whose external ids are looked up; an object may refer to dozens. */
const parentsMax = 20;

/** What rows of an object can be mapped to, asked of Salesforce. Throws `destination_object_missing`. */
export async function readRecordFields(client: ApiClient, name: string): Promise<RecordField[]> {
  const own = await describeSObject(client, name);
  const references = own.filter(
    ({ reference, createable, updateable }) => reference && (createable || updateable),
  );
  const parents = new Map<string, SField[]>([[name, own]]);
  for (const { reference } of references) {
    if (!reference || parents.has(reference.to) || parents.size > parentsMax) continue;
    parents.set(reference.to, await describeSObject(client, reference.to));
  }
  return [
    ...own.map(ownField),
    ...references.flatMap((field) =>
      (parents.get(field.reference?.to ?? '') ?? [])
        .filter(({ key, name: keyName }) => key && keyName !== recordId)
        .map((key) => parentField(field, key)),
    ),
  ];
}

function ownField(field: SField): RecordField {
  const { name, label, type, createable, updateable } = field;
  return {
    type,
    createable,
    updateable,
    field: apiField(name, label, types[type] ?? 'string', {
      nativeType: type === 'multipicklist' ? 'multi-select' : type,
      required: field.required,
      readOnly: !createable && !updateable,
      matchable: field.key || name === recordId,
      ...(field.options && { options: field.options }),
    }),
  };
}

function parentField(field: SField, key: SField): RecordField {
  const relationship = field.reference?.name ?? '';
  const label = `${field.label.replace(/ ID$/, '')}: ${key.label}`;
  return {
    type: key.type,
    createable: field.createable,
    updateable: field.updateable,
    parent: { relationship, idField: field.name, key: key.name },
    field: apiField(`${relationship}.${key.name}`, label, types[key.type] ?? 'string', {
      nativeType: `reference by ${key.name}`,
    }),
  };
}
