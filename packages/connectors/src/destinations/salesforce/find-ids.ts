import type { ApiSession } from '../../kit/http/api-client.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import { dataPath } from './configuration.ts';
import { recordId } from './record-field.ts';
import { foldMatch, type RecordForm } from './record-form.ts';

/** Longest condition of one query: addresses end at 16 KB, and values are percent-encoded in them. */
const conditionMax = 8_000;

/** Ids of records by their match values, as `foldMatch` folds them: none, one, or several that share the value. */
export async function findIds(
  session: ApiSession,
  form: RecordForm,
  texts: readonly string[],
): Promise<Map<string, string[]>> {
  const field = form.matchField ?? recordId;
  const found = new Map<string, string[]>();
  if (field === recordId) {
    for (const text of texts) found.set(foldMatch(text, field), [text]);
    return found;
  }
  for (const condition of conditions(form, [...new Set(texts)])) {
    const q = `SELECT Id, ${field} FROM ${form.object} WHERE ${field} IN (${condition})`;
    let answer = await session.send({ method: 'GET', path: `${dataPath}/query`, query: { q }, reads: true });
    for (;;) {
      const records = valueAtPath(answer.body, 'records');
      for (const record of Array.isArray(records) ? (records as unknown[]) : []) {
        const value = foldMatch(String(valueAtPath(record, field)), field);
        found.set(value, [...(found.get(value) ?? []), String(valueAtPath(record, 'Id'))]);
      }
      const next = valueAtPath(answer.body, 'nextRecordsUrl');
      if (typeof next !== 'string') break;
      answer = await session.send({ method: 'GET', path: next, reads: true });
    }
  }
  return found;
}

function* conditions(form: RecordForm, texts: readonly string[]): Generator<string> {
  let part: string[] = [];
  let length = 0;
  for (const text of texts) {
    const literal = form.matchLiteral(text);
    const size = encodeURIComponent(literal).length + 3;
    if (part.length > 0 && length + size > conditionMax) {
      yield part.join(',');
      part = [];
      length = 0;
    }
    part.push(literal);
    length += size;
  }
  if (part.length > 0) yield part.join(',');
}
