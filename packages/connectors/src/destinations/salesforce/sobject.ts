import type { ApiClient } from '../../kit/http/api-client.ts';
import { apiPath } from '../../kit/http/api-request.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import { dataPath } from './configuration.ts';

/** A kind of record, as far as it can be written. */
export interface SObject {
  readonly name: string;
  readonly label: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
}

/** A field of an object. https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_describesobjects_describesobjectresult.htm (2026-11) */
export interface SField {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly required: boolean;
  /** Upserts find records by it. */
  readonly key: boolean;
  readonly options: readonly { readonly value: string; readonly label: string }[] | null;
  /** `Account` or `Parent__r` for a reference, with the one kind of record that it leads to. */
  readonly reference: { readonly name: string; readonly to: string } | null;
}

/** Descriptions of orgs with thousands of objects and of objects with hundreds of picklists. */
const answerBytesMax = 32 * 1024 * 1024;

/** Every object that can be written. */
export async function listSObjects(client: ApiClient): Promise<SObject[]> {
  const { body } = await client.read({ method: 'GET', path: `${dataPath}/sobjects`, answerBytesMax });
  return listAt(body, 'sobjects')
    .filter((one) => valueAtPath(one, 'deprecatedAndHidden') !== true)
    .map(
      (one): SObject => ({
        name: String(valueAtPath(one, 'name')),
        label: String(valueAtPath(one, 'labelPlural') ?? valueAtPath(one, 'label')),
        createable: valueAtPath(one, 'createable') === true,
        updateable: valueAtPath(one, 'updateable') === true,
        deletable: valueAtPath(one, 'deletable') === true,
      }),
    )
    .filter(({ createable, updateable }) => createable || updateable);
}

/** The fields of an object. Throws `destination_object_missing`. */
export async function describeSObject(client: ApiClient, name: string): Promise<SField[]> {
  const path = dataPath + apiPath`/sobjects/${name}/describe`;
  const { body } = await client.read({ method: 'GET', path, answerBytesMax });
  return listAt(body, 'fields').map(toField);
}

function toField(field: unknown): SField {
  const at = (name: string): unknown => valueAtPath(field, name);
  const referenceTo = listAt(field, 'referenceTo').map(String);
  const relationship = at('relationshipName');
  const picklist = at('type') === 'picklist' || at('type') === 'multipicklist';
  const active = listAt(field, 'picklistValues').filter((value) => valueAtPath(value, 'active') !== false);
  return {
    name: String(at('name')),
    label: String(at('label') ?? at('name')),
    type: String(at('type')),
    createable: at('createable') === true,
    updateable: at('updateable') === true,
    required: at('createable') === true && at('nillable') === false && at('defaultedOnCreate') !== true,
    key: at('externalId') === true || at('idLookup') === true,
    // An open picklist takes other values too.
    options:
      picklist && at('restrictedPicklist') === true
        ? active.map((value) => ({
            value: String(valueAtPath(value, 'value')),
            label: String(valueAtPath(value, 'label') ?? valueAtPath(value, 'value')),
          }))
        : null,
    reference:
      at('type') === 'reference' && typeof relationship === 'string' && referenceTo.length === 1
        ? { name: relationship, to: referenceTo[0] ?? '' }
        : null,
  };
}

function listAt(value: unknown, path: string): unknown[] {
  const list = valueAtPath(value, path);
  return Array.isArray(list) ? list : [];
}
