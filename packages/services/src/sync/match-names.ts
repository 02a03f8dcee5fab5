import type { Column, ColumnType } from '@sluice/domain/column';
import type { DestinationField } from '@sluice/domain/connector';
import type { MappingSuggestion } from '@sluice/domain/sync';

/**
 * Pairs columns with fields: first those of the same name, then those whose names differ only in case, separators, a
 * prefix that says what the row is (`user_email`), or a usual other word (`surname`). Types that cannot hold each
 * other are not paired, nor are ids that the destination gives out. Each column and each field appears at most once; the order is that of the fields.
 */
export function matchNames(
  columns: readonly Column[],
  fields: readonly DestinationField[],
  /** Names of the model and the object: their words are prefixes. */
  nouns: readonly string[],
): MappingSuggestion[] {
  const free = new Set(columns);
  const found = new Map<string, MappingSuggestion>();
  const pass = (
    reason: MappingSuggestion['reason'],
    same: (column: Column, field: DestinationField) => boolean,
  ) => {
    for (const field of fields) {
      if (found.has(field.name) || field.givenOut) continue;
      const column = [...free].find((one) => fits(one.type, field.type) && same(one, field));
      if (!column) continue;
      free.delete(column);
      found.set(field.name, { from: column.name, to: field.name, reason });
    }
  };

  const prefixes = new Set(nouns.flatMap(words).flatMap((word) => [word, singular(word)]));
  const shared = sharedPrefix(columns.map(({ name }) => words(name)));
  if (shared) prefixes.add(shared);
  const isSimilar = (column: Column, names: readonly string[]): boolean =>
    names.some((name) => intersects(forms(column.name, prefixes), forms(name, prefixes)));

  pass('exact', (column, field) => column.name === field.name);
  pass('similar', (column, field) => plain(column.name) === plain(field.name));
  pass('similar', (column, field) => isSimilar(column, [field.name]));
  pass('similar', (column, field) => isSimilar(column, [field.label]));
  return fields.flatMap(({ name }) => found.get(name) ?? []);
}

/** Which fields a column's values can go to. Text goes to text only: whether it holds numbers or dates is unknown. */
const fieldsOfColumn: Record<ColumnType, readonly DestinationField['type'][]> = {
  boolean: ['boolean', 'string'],
  integer: ['number', 'string'],
  decimal: ['number', 'string'],
  float: ['number', 'string'],
  string: ['string'],
  date: ['date', 'datetime', 'string'],
  time: ['string'],
  timestamp: ['datetime', 'date', 'string'],
  json: ['json', 'string'],
  array: ['json', 'string'],
  binary: ['binary'],
  unknown: ['string', 'number', 'boolean', 'datetime', 'date', 'json', 'binary'],
};

const fits = (column: ColumnType, field: DestinationField['type']): boolean =>
  field === 'unknown' || fieldsOfColumn[column].includes(field);

/** Words for one thing, each written without separators; the first stands for all. */
const synonyms = [
  ['email', 'emailaddress', 'mail'],
  ['phone', 'phonenumber', 'telephone', 'tel'],
  ['firstname', 'givenname', 'fname', 'forename'],
  ['lastname', 'surname', 'familyname', 'lname'],
  ['company', 'companyname', 'organisation', 'organization'],
  ['postalcode', 'zip', 'zipcode', 'postcode'],
  ['createdat', 'created', 'creationdate', 'createddate', 'createdon'],
  ['occurredat', 'occurred', 'happenedat', 'eventtime', 'eventtimestamp', 'timestamp', 'time'],
  ['updatedat', 'updated', 'modifiedat', 'lastmodified', 'updatedon'],
];
const representative = new Map(synonyms.flatMap((group) => group.map((word) => [word, group[0] ?? word])));

/** Every spelling of a name that counts as the same: as it is, without its prefix, and the usual word for either. */
function forms(name: string, prefixes: ReadonlySet<string>): Set<string> {
  const parts = words(name);
  const [head = '', ...rest] = parts;
  const bare = rest.length > 0 && prefixes.has(head) ? rest : parts;
  const spellings = [parts.join(''), bare.join('')].filter((spelling) => spelling !== 'id');
  return new Set(spellings.flatMap((spelling) => [spelling, representative.get(spelling) ?? spelling]));
}

/** `firstName`, `FIRST_NAME` and `first-name__c` are all `first`, `name`. */
function words(name: string): string[] {
  return name
    .replace(/__c$/i, '')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

const plain = (name: string): string => words(name).join('');
const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/s$/, '');

/** A first word that most columns begin with: `u_email, u_name, u_id`. */
function sharedPrefix(names: readonly string[][]): string | null {
  const counts = new Map<string, number>();
  for (const [head, ...rest] of names)
    if (head !== undefined && rest.length > 0) counts.set(head, (counts.get(head) ?? 0) + 1);
  const most = [...counts].find(([, count]) => count >= 3 && count > names.length / 2);
  return most?.[0] ?? null;
}

const intersects = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  [...one].some((value) => other.has(value));
