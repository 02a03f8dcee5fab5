import type { DestinationRecord, RecordResult, WriterLimits } from '../../../kit/destination.ts';
import type { ApiClient, ApiSession } from '../../../kit/http/api-client.ts';
import type { ApiObject } from '../../../kit/http/api-object.ts';
import { apiPath, jsonText } from '../../../kit/http/api-request.ts';
import { delivered, type Portion, type Route, rejected } from '../../../kit/http/route.ts';
import { valueAtPath } from '../../../kit/http/value-at-path.ts';
import { findIds } from '../find-ids.ts';
import { standardTypeIds } from '../object-type.ts';
import { readProperties, recordId } from '../property.ts';

/** A list whose members can be changed: HubSpot fills dynamic ones itself. */
interface List {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** Every manual and snapshot list. https://developers.hubspot.com/docs/reference/api/crm/lists (2026-11) */
export async function listLists(client: ApiClient): Promise<List[]> {
  const lists: List[] = [];
  for (let offset = 0; ; ) {
    const { body } = await client.read({
      method: 'POST',
      path: '/crm/v3/lists/search',
      body: jsonText(JSON.stringify({ processingTypes: ['MANUAL', 'SNAPSHOT'], offset, count: 500 })),
    });
    const page = valueAtPath(body, 'lists');
    for (const list of Array.isArray(page) ? (page as unknown[]) : []) {
      const type = String(valueAtPath(list, 'objectTypeId'));
      lists.push({
        id: String(valueAtPath(list, 'listId')),
        name: String(valueAtPath(list, 'name')),
        type: standardTypeIds[type] ?? type,
      });
    }
    if (valueAtPath(body, 'hasMore') !== true || !Array.isArray(page) || page.length === 0) return lists;
    offset += page.length;
  }
}

/** The members of one list, found by id or by a unique property of their record. */
export const listMembers = (list: List, limits: WriterLimits): ApiObject => ({
  id: `list-${list.id}`,
  label: `List: ${list.name}`,
  modes: ['segment', 'add', 'remove'],
  membersOnly: true,
  async describe(client) {
    const properties = await readProperties(client, { id: list.type, label: list.name, required: [] });
    return { fields: properties.map(({ field }) => field).filter(({ matchable }) => matchable) };
  },
  limits,
  routes: ({ sync }) => {
    const property = sync.matchKey?.to ?? recordId;
    const [add, remove] = [route('add'), route('remove')];
    function route(action: 'add' | 'remove'): Route {
      const self: Route = {
        name: action,
        batch: { rows: property === recordId ? 1000 : 100 },
        encode: ({ matchValue }) => JSON.stringify(String(matchValue).trim()),
        request: ({ items }) => ({
          method: 'PUT',
          path: apiPath`/crm/v3/lists/${list.id}/memberships/${action}`,
          body: jsonText(`[${items.join(',')}]`),
        }),
        read: ({ body }, { records }) => {
          const missing = new Set(
            (valueAtPath(body, 'recordIdsMissing') as unknown[] | undefined)?.map(String),
          );
          return records.map((record) =>
            fateOf(action, record, missing.has(String(record.matchValue).trim())),
          );
        },
        send: (portion, session) =>
          property === recordId ? plain(self, portion, session) : byProperty(portion, session),
      };
      async function byProperty(portion: Portion, session: ApiSession): Promise<RecordResult[]> {
        const values = portion.records.map(({ matchValue }) => String(matchValue).trim());
        const ids = await findIds(session, list.type, property, values);
        const known = [...new Set(ids.values())];
        const missing = new Set<string>();
        if (known.length > 0) {
          const { body } = await session.send(
            self.request({ ...portion, items: known.map((id) => JSON.stringify(id)) }),
          );
          for (const id of (valueAtPath(body, 'recordIdsMissing') as unknown[] | undefined) ?? [])
            missing.add(String(id));
        }
        return portion.records.map((record, index) => {
          const id = ids.get(values[index] ?? '');
          return fateOf(action, record, id === undefined || missing.has(id));
        });
      }
      return self;
    }
    return ({ operation }) => (operation === 'add' ? add : remove);
  },
});

const plain = async (route: Route, portion: Portion, session: ApiSession): Promise<readonly RecordResult[]> =>
  route.read(await session.send(route.request(portion)), portion);

/** Who is not there cannot be added, and need not be taken out. */
const fateOf = (
  action: 'add' | 'remove',
  { matchValue }: DestinationRecord,
  missing: boolean,
): RecordResult =>
  missing && action === 'add'
    ? rejected(
        'record_not_found',
        `HubSpot has no record "${String(matchValue).slice(0, 200)}" to add to the list.`,
      )
    : delivered;
