import type { Row } from '@sluice/domain/column';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf } from '@sluice/domain/sync-mode';
import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { jsonText } from '../../../kit/http/api-request.ts';
import { delivered, type Route, RowRejected } from '../../../kit/http/route.ts';
import { isoTime } from '../../../kit/time-value.ts';
import { valueToJson } from '../../../kit/value-json.ts';
import { aliasLabel, aliasProblems, identifierFields, identifierOf } from '../identifier.ts';
import { trackLimits } from '../limits.ts';
import { trackRoute } from '../track-route.ts';

/** The list of `/users/delete` that each identifier belongs to; the others cannot be deleted by. */
const deleteLists: Readonly<Record<string, string>> = {
  external_id: 'external_ids',
  braze_id: 'braze_ids',
  user_alias: 'user_aliases',
};
const times = new Set(['date_of_first_session', 'date_of_last_session', 'marked_email_as_spam_at']);
const nameCharactersMax = 255;

/** Profiles. https://www.braze.com/docs/api/objects_filters/user_attributes_object/ (2026-11) */
export const users: ApiObject = {
  id: 'users',
  label: 'Users',
  modes: ['upsert', 'update', 'mirror'],
  deleteBehaviours: ['nothing', 'clear', 'delete'],
  openFields: true,
  describe: () =>
    Promise.resolve({
      fields: [
        ...identifierFields,
        apiField('first_name', 'First name', 'string'),
        apiField('last_name', 'Last name', 'string'),
        apiField('country', 'Country', 'string', { nativeType: 'ISO 3166-1' }),
        apiField('home_city', 'City', 'string'),
        apiField('language', 'Language', 'string', { nativeType: 'ISO 639-1' }),
        apiField('gender', 'Gender', 'string'),
        apiField('dob', 'Date of birth', 'date'),
        apiField('time_zone', 'Time zone', 'string'),
        apiField('email_subscribe', 'Email subscription', 'string', { options: subscriptions }),
        apiField('push_subscribe', 'Push subscription', 'string', { options: subscriptions }),
      ],
      options: [aliasLabel],
    }),
  validate(sync): Record<string, string> {
    const deletes = operationsOf(sync).removed === 'delete';
    const key = sync.matchKey?.to ?? 'external_id';
    if (!deletes || deleteLists[key] !== undefined) return aliasProblems(sync);
    return { 'matchKey.to': 'Braze deletes users by external ID, Braze ID or alias only.' };
  },
  limits: trackLimits,
  routes({ sync }) {
    const cleared: Row = Object.fromEntries(sync.mappings.map(({ to }) => [to, null]));
    const track = trackRoute('attributes', (record) => {
      const attributes = record.operation === 'clear' ? { ...cleared } : attributesOf(record.fields);
      Object.assign(attributes, identifierOf(sync, record.matchValue));
      if (record.operation === 'update' || record.operation === 'clear')
        attributes._update_existing_only = true;
      return attributes;
    });
    const removal = removalRoute(sync);
    return ({ operation }) => (operation === 'delete' ? removal : track);
  },
};

const subscriptions = ['opted_in', 'subscribed', 'unsubscribed'].map((value) => ({ value, label: value }));

function attributesOf(fields: Row): Row {
  const attributes: Row = {};
  for (const name in fields) {
    const value = fields[name] ?? null;
    if (name.startsWith('$') || name.length > nameCharactersMax)
      throw new RowRejected(
        'attribute_name_invalid',
        `Braze takes no attribute named "${name.slice(0, 60)}".`,
      );
    attributes[name] = times.has(name) && value !== null ? (isoTime(value) ?? value) : value;
  }
  return attributes;
}

/** https://www.braze.com/docs/api/endpoints/user_data/post_user_delete/ (2026-11): 50 users in one request. */
function removalRoute(sync: SyncConfiguration): Route {
  const key = sync.matchKey?.to ?? 'external_id';
  return {
    name: 'delete',
    batch: { rows: 50 },
    encode: ({ matchValue }) => valueToJson(identifierOf(sync, matchValue)[key] ?? null),
    request: ({ items }) => ({
      method: 'POST',
      path: '/users/delete',
      body: jsonText(`{"${deleteLists[key] ?? 'external_ids'}":[${items.join(',')}]}`),
    }),
    read: (_, { records }) => records.map(() => delivered),
  };
}
