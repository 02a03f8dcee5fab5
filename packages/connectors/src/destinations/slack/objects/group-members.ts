import type { DestinationRecord, RecordResult } from '../../../kit/destination.ts';
import type { ApiClient, ApiSession } from '../../../kit/http/api-client.ts';
import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { formBody } from '../../../kit/http/api-request.ts';
import { delivered, type Portion, type Route, rejected } from '../../../kit/http/route.ts';
import { valueAtPath } from '../../../kit/http/value-at-path.ts';
import { readPages } from '../pages.ts';

/** Every user group of the workspace. https://docs.slack.dev/reference/methods/usergroups.list (2026-11) */
export async function listGroups(client: ApiClient): Promise<ApiObject[]> {
  const groups = await readPages(client, 'usergroups.list', 'usergroups', {});
  return groups.map((group) =>
    groupMembers(String(valueAtPath(group, 'id')), String(valueAtPath(group, 'handle'))),
  );
}

/**
 * The members of one user group. Slack only takes the whole list, so it is read, changed and written: by one request
 * at a time over all workers.
 */
export const groupMembers = (id: string, handle: string): ApiObject => ({
  id: `group-${id}`,
  label: `User group: @${handle}`,
  modes: ['segment', 'add', 'remove'],
  membersOnly: true,
  describe: () =>
    Promise.resolve({
      fields: [
        apiField('email', 'Email', 'string', { matchable: true, nativeType: 'identifier' }),
        apiField('user_id', 'User ID', 'string', { matchable: true, nativeType: 'U…' }),
      ],
    }),
  // Twenty calls a minute. https://docs.slack.dev/apis/web-api/rate-limits (2026-11)
  limits: {
    batchRowsMax: 500,
    concurrency: 1,
    sharedConcurrency: 1,
    requests: [{ count: 20, perMs: 60_000 }],
  },
  async routes({ client, sync }) {
    const people = sync.matchKey?.to === 'email' ? await readPeople(client) : null;
    const idOf = ({ matchValue }: DestinationRecord): string | undefined => {
      const value = String(matchValue).trim();
      return people === null ? value : people.get(value.toLowerCase());
    };
    const route = (adds: boolean): Route => ({
      name: adds ? 'add' : 'remove',
      batch: { rows: 500 },
      encode: ({ matchValue }) => String(matchValue).trim(),
      request: ({ records }) => ({
        method: 'POST',
        path: '/usergroups.users.update',
        body: formBody({ usergroup: id, users: records.flatMap((record) => idOf(record) ?? []).join(',') }),
      }),
      read: (_, { records }) => records.map((record) => fateOf(record, idOf(record), adds)),
      send: (portion, session) => rewrite(portion, session, adds),
    });
    async function rewrite(
      { records }: Portion,
      session: ApiSession,
      adds: boolean,
    ): Promise<RecordResult[]> {
      const query = { usergroup: id };
      const { body } = await session.send({
        method: 'GET',
        path: '/usergroups.users.list',
        query,
        reads: true,
      });
      const before = valueAtPath(body, 'users');
      const members = new Set(Array.isArray(before) ? (before as string[]) : []);
      const size = members.size;
      for (const record of records) {
        const user = idOf(record);
        if (user !== undefined) members[adds ? 'add' : 'delete'](user);
      }
      if (members.size !== size) {
        const users = [...members].join(',');
        await session.send({
          method: 'POST',
          path: '/usergroups.users.update',
          body: formBody({ usergroup: id, users }),
        });
      }
      return records.map((record) => fateOf(record, idOf(record), adds));
    }
    const [add, remove] = [route(true), route(false)];
    return ({ operation }) => (operation === 'add' ? add : remove);
  },
});

/** Whoever is not there cannot be added, and need not be taken out. */
const fateOf = ({ matchValue }: DestinationRecord, user: string | undefined, adds: boolean): RecordResult =>
  user === undefined && adds
    ? rejected('users_not_found', `Slack knows nobody with the address ${String(matchValue).slice(0, 200)}.`)
    : delivered;

/** Everybody's id by address: one list for the run, instead of a request for each member. */
async function readPeople(client: ApiClient): Promise<Map<string, string>> {
  const people = new Map<string, string>();
  for (const user of await readPages(client, 'users.list', 'members', { limit: 1000 })) {
    const email = valueAtPath(user, 'profile.email');
    if (typeof email === 'string' && valueAtPath(user, 'deleted') !== true)
      people.set(email.toLowerCase(), String(valueAtPath(user, 'id')));
  }
  return people;
}
