import type { DestinationRecord, RecordResult, WriterLimits } from '../../../kit/destination.ts';
import type { ApiClient, ApiSession } from '../../../kit/http/api-client.ts';
import type { ApiObject } from '../../../kit/http/api-object.ts';
import { apiPath } from '../../../kit/http/api-request.ts';
import { delivered, type Route, rejected } from '../../../kit/http/route.ts';
import { valueAtPath } from '../../../kit/http/value-at-path.ts';
import { body } from '../client.ts';
import { cursorOf } from '../import-job.ts';
import { identifierFields, identifierText } from '../profile.ts';

interface List {
  readonly id: string;
  readonly name: string;
}

/** https://developers.klaviyo.com/en/reference/add_profiles_to_list (2026-11): 1,000 profiles, 10 requests / s, 150 / min. */
const limits: WriterLimits = {
  batchRowsMax: 1000,
  concurrency: 2,
  requests: [
    { count: 10, perMs: 1_000 },
    { count: 150, perMs: 60_000 },
  ],
};
/** Values of one question; addresses have an end. */
const lookUpMax = 100;

/** Every list of the account; Klaviyo answers ten at a time. */
export async function listLists(client: ApiClient): Promise<List[]> {
  const lists: List[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body: page } = await client.read({
      method: 'GET',
      path: '/api/lists',
      query: { 'fields[list]': 'name', 'page[cursor]': cursor === '' ? undefined : cursor },
    });
    const data = valueAtPath(page, 'data');
    for (const list of Array.isArray(data) ? (data as unknown[]) : []) {
      const name = valueAtPath(list, 'attributes.name');
      lists.push({ id: String(valueAtPath(list, 'id')), name: String(name ?? valueAtPath(list, 'id')) });
    }
    cursor = cursorOf(valueAtPath(page, 'links.next'));
  }
  return lists;
}

/** The members of one list, found by an identifier of their profile. Consent is not touched. */
export const listMembers = (list: List): ApiObject => ({
  id: `list-${list.id}`,
  label: `List: ${list.name}`,
  modes: ['segment', 'add', 'remove'],
  membersOnly: true,
  describe: () => Promise.resolve({ fields: identifierFields }),
  limits,
  routes: ({ sync }) => {
    const by = sync.matchKey?.to ?? 'email';
    const route = (adds: boolean): Route => {
      const self: Route = {
        name: adds ? 'add' : 'remove',
        batch: { rows: limits.batchRowsMax },
        encode: identifierText,
        request: ({ items }) => ({
          method: adds ? 'POST' : 'DELETE',
          path: apiPath`/api/lists/${list.id}/relationships/profiles`,
          body: body(JSON.stringify({ data: items.map((id) => ({ type: 'profile', id })) })),
          answer: 'nothing',
        }),
        read: (_, { records }) => records.map(() => delivered),
        async send(portion, session) {
          const ids = by === 'id' ? null : await findProfiles(session, by, portion.items);
          const idOf = (text: string): string | undefined =>
            ids === null ? text : ids.get(text.toLowerCase());
          const items = [...new Set(portion.items.flatMap((text) => idOf(text) ?? []))];
          if (items.length > 0) await session.send(self.request({ ...portion, items }));
          return portion.records.map((record, index) =>
            adds && idOf(portion.items[index] ?? '') === undefined ? notFound(record) : delivered,
          );
        },
        // Who is not there cannot be added, and need not be taken out.
        refusal: ({ status }, record) => (status !== 404 ? null : adds ? notFound(record) : delivered),
      };
      return self;
    };
    const [add, remove] = [route(true), route(false)];
    return ({ operation }) => (operation === 'add' ? add : remove);
  },
});

/** Klaviyo IDs by an identifier, folded to lower case. */
async function findProfiles(
  session: ApiSession,
  by: string,
  texts: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const wanted = [...new Set(texts)];
  for (let from = 0; from < wanted.length; from += lookUpMax) {
    const values = wanted.slice(from, from + lookUpMax).map((text) => JSON.stringify(text));
    const { body: page } = await session.send({
      method: 'GET',
      path: '/api/profiles',
      query: {
        filter: `any(${by},[${values.join(',')}])`,
        'fields[profile]': by,
        'page[size]': lookUpMax,
      },
      reads: true,
    });
    const data = valueAtPath(page, 'data');
    for (const profile of Array.isArray(data) ? (data as unknown[]) : []) {
      const value = valueAtPath(profile, `attributes.${by}`);
      if (typeof value === 'string') found.set(value.toLowerCase(), String(valueAtPath(profile, 'id')));
    }
  }
  return found;
}

const notFound = ({ matchValue }: DestinationRecord): RecordResult =>
  rejected('profile_not_found', `Klaviyo has no profile "${String(matchValue).slice(0, 200)}" to add.`);
