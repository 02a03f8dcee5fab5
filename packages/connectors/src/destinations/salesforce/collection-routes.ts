import type { DestinationRecord, RecordResult } from '../../kit/destination.ts';
import type { ApiSession } from '../../kit/http/api-client.ts';
import { type ApiAnswer, type ApiRequest, apiPath, jsonText } from '../../kit/http/api-request.ts';
import { delivered, type Portion, type Route, rejected, unexplained } from '../../kit/http/route.ts';
import { dataPath } from './configuration.ts';
import type { DailyLimit } from './daily-limit.ts';
import { findIds } from './find-ids.ts';
import { foldMatch, type RecordForm } from './record-form.ts';
import { readRowResult } from './row-result.ts';

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm (2026-11) */
export const batch = { rows: 200, bytes: 5_000_000 };

export type CollectionRoutes = Readonly<Record<'create' | 'update' | 'upsert' | 'delete' | 'clear', Route>>;

/** The ways of writing at most 200 records with an answer for each of them. */
export function collectionRoutes(form: RecordForm, daily: DailyLimit): CollectionRoutes {
  const path = `${dataPath}/composite/sobjects`;
  const body = (items: readonly string[]) => jsonText(`{"allOrNone":false,"records":[${items.join(',')}]}`);
  const write = (method: 'POST' | 'PATCH', where: string, items: readonly string[]): ApiRequest => ({
    method,
    path: where,
    body: body(items),
  });
  const remove = (ids: readonly string[]): ApiRequest => ({
    method: 'DELETE',
    path,
    query: { ids: ids.join(','), allOrNone: false },
  });
  const read = (answer: ApiAnswer, rows: number, deletes = false): RecordResult[] => {
    daily.note(answer);
    const results = Array.isArray(answer.body) ? (answer.body as unknown[]) : [];
    return Array.from({ length: rows }, (_, index) =>
      index < results.length ? readRowResult(results[index], deletes) : unexplained('Salesforce'),
    );
  };
  const direct = (
    name: 'create' | 'upsert',
    request: (items: readonly string[]) => ApiRequest,
  ): Pick<Route, 'name' | 'batch' | 'request' | 'read' | 'send'> => ({
    name,
    batch,
    request: ({ items }) => request(items),
    read: (answer, { records }) => read(answer, records.length),
    async send({ items, records }, session) {
      daily.assertLeft();
      return read(await session.send(request(items)), records.length);
    },
  });

  /** Looks the records up, and sends those that were found once. */
  const found = (
    name: 'update' | 'clear' | 'delete',
    missing: (record: DestinationRecord) => RecordResult,
  ): Route => {
    const deletes = name === 'delete';
    const itemOf = (record: DestinationRecord, id: string): string =>
      deletes ? id : form.json(record, { id, cleared: name === 'clear' });
    const request = (items: readonly string[]): ApiRequest =>
      deletes ? remove(items) : write('PATCH', path, items);
    return {
      name,
      batch,
      identity: form.identity,
      // The id is put in when it is known: the match value stands for it in sizes and previews.
      encode: (record) => itemOf(record, form.matchText(record)),
      request: ({ items }) => request(items),
      read: (answer, { records }) => read(answer, records.length, deletes),
      async send({ records }, session) {
        daily.assertLeft();
        const { ids, results } = await lookUp(form, records, session, missing);
        if (ids.length > 0) {
          const items = ids.map(({ place, id }) => itemOf(records[place] as DestinationRecord, id));
          const answers = read(await session.send(request(items)), ids.length, deletes);
          ids.forEach(({ place }, index) => {
            results[place] = answers[index];
          });
        }
        return results as RecordResult[];
      },
    };
  };

  return {
    create: {
      ...direct('create', (items) => write('POST', path, items)),
      encode: (record) => form.json(record, { key: true }),
    },
    upsert: {
      ...direct('upsert', (items) =>
        write('PATCH', path + apiPath`/${form.object}/${form.matchField ?? 'Id'}`, items),
      ),
      identity: form.identity,
      encode(record) {
        form.matchText(record);
        return form.json(record, { key: true });
      },
    },
    update: found('update', (record) => notFound(form, record)),
    clear: found('clear', () => delivered),
    delete: found('delete', () => delivered),
  };
}

/** Which of the records are there, with their ids; the others have their results already. */
export async function lookUp(
  form: RecordForm,
  records: Portion['records'],
  session: ApiSession,
  missing: (record: DestinationRecord) => RecordResult,
): Promise<{ ids: { place: number; id: string }[]; results: (RecordResult | undefined)[] }> {
  const texts = records.map((record) => form.matchText(record));
  const all = await findIds(session, form, texts);
  const ids: { place: number; id: string }[] = [];
  const results: (RecordResult | undefined)[] = records.map((record, place) => {
    const matches = all.get(foldMatch(texts[place] ?? '', form.matchField)) ?? [];
    const [id] = matches;
    if (id === undefined) return missing(record);
    if (matches.length > 1) return ambiguous(form, texts[place] ?? '', matches.length);
    ids.push({ place, id });
    return undefined;
  });
  return { ids, results };
}

export const notFound = (form: RecordForm, record: DestinationRecord): RecordResult =>
  rejected(
    'record_not_found',
    `Salesforce has no ${form.object} with ${form.matchField} "${form.matchText(record).slice(0, 200)}".`,
  );

const ambiguous = (form: RecordForm, text: string, count: number): RecordResult =>
  rejected(
    'match_ambiguous',
    `${count} records of ${form.object} have ${form.matchField} "${text.slice(0, 200)}": nobody knows which is meant.`,
  );
