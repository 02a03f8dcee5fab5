import { type FakeField, type FakeObject, fakeObjects } from './salesforce-objects.ts';

export type FakeRecord = Record<string, unknown>;

export interface SalesforceRecords {
  /** Records by object and id. */
  readonly records: Record<string, Map<string, FakeRecord>>;
  /** Rows whose record somebody else has locked, by LastName, with how often still. */
  readonly locked: Map<string, number>;
  nextId: number;
}

/** What Salesforce says of one row. */
export interface RowAnswer {
  readonly id?: string;
  readonly success: boolean;
  readonly created?: boolean;
  readonly errors: { statusCode: string; message: string; fields: string[] }[];
}

export const objectNamed = (name: string): FakeObject | undefined =>
  fakeObjects.find((object) => object.name === name);

export const refuse = (statusCode: string, message: string, fields: string[] = []): RowAnswer => ({
  success: false,
  errors: [{ statusCode, message, fields }],
});

/** Ids of records by the value of a field; ids compare by their first 15 characters, text without case. */
export function findRecords(
  state: SalesforceRecords,
  object: string,
  field: string,
  value: unknown,
): string[] {
  const records = state.records[object];
  if (!records) return [];
  if (field === 'Id') {
    const id = `${String(value).slice(0, 15)}AAA`;
    return records.has(id) ? [id] : [];
  }
  const wanted = String(value).toLowerCase();
  const ids = indexOf(records, field).get(wanted) ?? new Set();
  return [...ids].filter((id) => String(records.get(id)?.[field]).toLowerCase() === wanted);
}

/** By value, the records that have or once had it: a batch of 10,000 is looked up row by row. */
const indexes = new WeakMap<Map<string, FakeRecord>, Map<string, Map<string, Set<string>>>>();

function indexOf(records: Map<string, FakeRecord>, field: string): Map<string, Set<string>> {
  const fields = indexes.get(records) ?? new Map<string, Map<string, Set<string>>>();
  indexes.set(records, fields);
  const known = fields.get(field);
  if (known) return known;
  const index = new Map<string, Set<string>>();
  fields.set(field, index);
  for (const [id, record] of records) note(index, record[field], id);
  return index;
}

function note(index: Map<string, Set<string>>, value: unknown, id: string): void {
  if (value === undefined || value === null) return;
  const text = String(value).toLowerCase();
  index.set(text, (index.get(text) ?? new Set()).add(id));
}

/** Writes one record as the API would; `key` is the field of an upsert. */
export function writeRecord(
  state: SalesforceRecords,
  object: FakeObject,
  operation: 'insert' | 'update' | 'upsert',
  values: FakeRecord,
  key: string | null,
): RowAnswer {
  const records = state.records[object.name] ?? new Map<string, FakeRecord>();
  state.records[object.name] = records;
  let id: string | undefined;
  if (operation === 'update') {
    [id] = findRecords(state, object.name, 'Id', values.Id);
    if (id === undefined) return refuse('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  }
  if (operation === 'upsert' && key !== null) {
    if (values[key] === undefined || values[key] === null || values[key] === '')
      return refuse('MISSING_ARGUMENT', `${key} not specified`);
    const matches = findRecords(state, object.name, key, values[key]);
    if (matches.length > 1) return refuse('DUPLICATE_EXTERNAL_ID', `${key}: more than one record found`);
    [id] = matches;
  }
  const created = id === undefined;
  const next: FakeRecord = { ...(id === undefined ? {} : records.get(id)) };
  for (const [name, value] of Object.entries(values)) {
    if (name === 'Id') continue;
    const problem = setValue(state, object, next, name, value, created);
    if (problem) return problem;
  }
  const missing = object.fields.filter(({ name, required }) => required && (next[name] ?? '') === '');
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name);
    return refuse('REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, names);
  }
  const locks = state.locked.get(String(next.LastName)) ?? 0;
  if (locks > 0) {
    state.locked.set(String(next.LastName), locks - 1);
    return refuse('UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record');
  }
  id ??= `${object.prefix}${String(state.nextId++).padStart(12, '0')}AAA`;
  records.set(id, next);
  for (const [field, index] of indexes.get(records) ?? []) note(index, next[field], id);
  return { id, success: true, created, errors: [] };
}

function setValue(
  state: SalesforceRecords,
  object: FakeObject,
  record: FakeRecord,
  name: string,
  value: unknown,
  created: boolean,
): RowAnswer | null {
  const [relation, parentKey] = name.includes('.') ? name.split('.') : [name];
  const reference = object.fields.find((field) => field.reference?.name === relation);
  if (reference?.reference) {
    const [parentName = ''] = reference.reference.to;
    const [field = '', wanted] =
      parentKey === undefined ? (Object.entries(value as FakeRecord)[0] ?? []) : [parentKey, value];
    const [parent] = findRecords(state, parentName, field, wanted);
    if (parent === undefined) {
      const said = `Foreign key external ID: ${String(wanted)} not found for field ${field} in entity ${parentName}`;
      return refuse('INVALID_FIELD', said);
    }
    record[reference.name] = parent;
    return null;
  }
  const field = object.fields.find((one) => one.name === name) as FakeField;
  if (!created && field.updateable === false)
    return refuse('INVALID_FIELD_FOR_INSERT_UPDATE', `Unable to create/update fields: ${name}.`, [name]);
  if (value === null) {
    delete record[name];
    return null;
  }
  const text = String(value);
  if (field.length !== undefined && text.length > field.length)
    return refuse('STRING_TOO_LONG', `${name}: data value too large: ${text} (max length=${field.length})`, [
      name,
    ]);
  if (field.type === 'email' && !/^[^@\s]+@[^@\s]+$/.test(text))
    return refuse('INVALID_EMAIL_ADDRESS', `Email: invalid email address: ${text}`, [name]);
  if (field.picklist && !text.split(';').every((one) => field.picklist?.includes(one)))
    return refuse(
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      `bad value for restricted picklist field: ${text}`,
      [name],
    );
  record[name] = value;
  return null;
}

/** Names that the object does not know: such a request is refused as a whole. */
export const unknownField = (object: FakeObject, names: readonly string[]): string | undefined =>
  names.find(
    (name) =>
      !object.fields.some(
        (field) =>
          field.name === name ||
          field.reference?.name === name ||
          field.reference?.name === name.split('.')[0],
      ),
  );
