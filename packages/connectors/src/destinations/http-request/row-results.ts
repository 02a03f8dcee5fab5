import type { DestinationRecord, RecordResult } from '../../kit/destination.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import type { RowResults } from './options.ts';

/**
 * Reads what a batch answer says about each row. Rows that it says nothing about, and all of them when it cannot be
 * read, are uncertain: the request was accepted, so they may have been applied.
 */
export function readRowResults(
  body: string,
  rules: RowResults,
  records: readonly DestinationRecord[],
): RecordResult[] {
  const entries = readEntries(body, rules);
  if (typeof entries === 'string') return records.map(() => uncertain('answer_unreadable', entries));
  if (rules.by === 'index' && !rules.indexField && entries.length !== records.length) {
    const message = `The answer has ${entries.length} results for ${records.length} rows.`;
    return records.map(() => uncertain('answer_incomplete', message));
  }
  const found = new Map<string, unknown>();
  const misplaced = place(entries, rules, records, found);
  if (misplaced) return records.map(() => uncertain('answer_unreadable', misplaced));
  return records.map((record, index) => {
    const entry = found.get(rules.by === 'key' ? record.key : String(index));
    if (entry !== undefined) return verdict(entry, rules);
    if (rules.failuresOnly) return { status: 'delivered' };
    return uncertain('answer_incomplete', 'The answer says nothing about this row.');
  });
}

/** The array of results, or what is wrong with the answer. */
function readEntries(body: string, rules: RowResults): unknown[] | string {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return body.trim() === ''
      ? 'The answer is empty, though it should tell about each row.'
      : 'The answer is not JSON, though it should tell about each row.';
  }
  const entries = valueAtPath(answer, rules.path);
  if (Array.isArray(entries)) return entries;
  // Many APIs leave the list of errors out when there are none.
  if (entries === undefined && rules.failuresOnly && typeof answer === 'object' && answer !== null) return [];
  return rules.path === ''
    ? 'The answer is not an array of results.'
    : `The answer has no array at "${rules.path}".`;
}

/**
 * Files each entry under its row. An entry that names no row of the request could be the refusal of any of them:
 * answers what is wrong then.
 */
function place(
  entries: unknown[],
  rules: RowResults,
  records: readonly DestinationRecord[],
  found: Map<string, unknown>,
): string | null {
  const keys = new Set(rules.by === 'key' ? records.map(({ key }) => key) : records.keys().map(String));
  for (const [position, entry] of entries.entries()) {
    const field = rules.by === 'key' ? rules.keyField : rules.indexField;
    const value = field ? valueAtPath(entry, field) : position;
    if (typeof value !== 'string' && typeof value !== 'number') {
      return `A result of the answer has no row at "${field}".`;
    }
    const key = String(value);
    if (!keys.has(key)) return `A result of the answer names a row that was not sent.`;
    // Two entries for one row: the refusal counts.
    if (!found.has(key) || verdict(found.get(key), rules).status === 'delivered') found.set(key, entry);
  }
  return null;
}

function verdict(entry: unknown, rules: RowResults): RecordResult {
  const status = rules.statusField ? valueAtPath(entry, rules.statusField) : undefined;
  const error = rules.errorField ? valueAtPath(entry, rules.errorField) : undefined;
  const refused =
    (status !== undefined && rules.failedValues.some((value) => matches(status, value))) ||
    isSomething(error) ||
    (rules.failuresOnly && !rules.statusField && !rules.errorField);
  if (refused) {
    const words = rules.messageField ? valueAtPath(entry, rules.messageField) : error;
    return {
      status: 'rejected',
      code: status === undefined ? 'row_refused' : `row_${codeText(status)}`,
      message: wordsOf(words) || `The destination refused this row${statusText(status)}.`,
    };
  }
  if (status === undefined && rules.statusField && !rules.errorField) {
    return uncertain('answer_incomplete', `The result of this row has no "${rules.statusField}".`);
  }
  return { status: 'delivered' };
}

function matches(status: unknown, value: string): boolean {
  const text = String(status).toLowerCase();
  const wanted = value.toLowerCase();
  return text === wanted || (/^[1-5]xx$/.test(wanted) && /^\d{3}$/.test(text) && text[0] === wanted[0]);
}

const isSomething = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== '' &&
  !(Array.isArray(value) && value.length === 0);

const codeText = (status: unknown): string =>
  String(status)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 60);

const statusText = (status: unknown): string => (status === undefined ? '' : ` (${String(status)})`);

function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, 500);
  if (value === undefined || value === null || typeof value === 'boolean') return '';
  return JSON.stringify(value).slice(0, 500);
}

const uncertain = (code: string, message: string): RecordResult => ({ status: 'uncertain', code, message });
