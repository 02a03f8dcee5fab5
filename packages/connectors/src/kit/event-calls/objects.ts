import type { DestinationField } from '@sluice/domain/connector';
import type { WriterLimits } from '../destination.ts';
import { type ApiObject, apiField } from '../http/api-object.ts';
import { RowRejected } from '../http/route.ts';
import { callRoute, type EventCallVendor, idText, library, others, personOf, timestampOf } from './call.ts';

const personFields: readonly DestinationField[] = [
  apiField('userId', 'User ID', 'string', { matchable: true, nativeType: 'identifier' }),
  apiField('anonymousId', 'Anonymous ID', 'string', { matchable: true, nativeType: 'identifier' }),
];

/** People, groups and events of a vendor that takes the calls of the event specification. */
export const eventCallObjects = (vendor: EventCallVendor, limits: WriterLimits): readonly ApiObject[] => [
  users(vendor, limits),
  groups(vendor, limits),
  events(vendor, limits),
];

/** Traits of people: an `identify` call for each added or changed row. */
const users = (vendor: EventCallVendor, limits: WriterLimits): ApiObject => ({
  id: 'users',
  label: 'Users (identify)',
  modes: ['upsert'],
  deleteBehaviours: ['nothing'],
  openFields: true,
  describe: async () => ({
    fields: [...personFields, apiField('email', 'E-mail', 'string'), apiField('name', 'Name', 'string')],
  }),
  limits,
  routes: ({ sync, variables }) => {
    const route = callRoute(vendor, { variables, timed: false }, (record) => ({
      type: 'identify',
      ...personOf(sync, record),
      ...withContext(vendor.traitsOf(record.fields)),
    }));
    return () => route;
  },
});

/** Traits of companies and their members: a `group` call for each added or changed row. */
const groups = (vendor: EventCallVendor, limits: WriterLimits): ApiObject => ({
  id: 'groups',
  label: 'Groups (group)',
  modes: ['upsert'],
  deleteBehaviours: ['nothing'],
  openFields: true,
  describe: async () => ({
    fields: [
      apiField('groupId', 'Group ID', 'string', { matchable: true, nativeType: 'identifier' }),
      apiField('userId', 'User ID of a member', 'string'),
      apiField('anonymousId', 'Anonymous ID of a member', 'string'),
      apiField('name', 'Name', 'string'),
    ],
  }),
  limits,
  validate: ({ mappings }): Record<string, string> =>
    mappings.some(({ to }) => to === 'userId' || to === 'anonymousId')
      ? {}
      : { mappings: 'Map the User ID or the Anonymous ID of a member: a group is never sent without one.' },
  routes: ({ variables }) => {
    const route = callRoute(vendor, { variables, timed: false }, ({ matchValue, fields }) => {
      const { userId = null, anonymousId = null } = fields;
      if (userId === null && anonymousId === null) {
        throw new RowRejected('member_missing', 'The row has neither a User ID nor an Anonymous ID.');
      }
      return {
        type: 'group',
        groupId: idText(matchValue),
        ...(userId !== null && { userId: idText(userId) }),
        ...(anonymousId !== null && { anonymousId: idText(anonymousId) }),
        traits: others(fields, 'userId', 'anonymousId'),
        context: library,
      };
    });
    return () => route;
  },
});

/** What people did: a `track` call for each added or changed row. */
const events = (vendor: EventCallVendor, limits: WriterLimits): ApiObject => ({
  id: 'events',
  label: 'Events (track)',
  modes: ['event'],
  openFields: true,
  describe: async () => ({
    fields: [
      ...personFields,
      apiField('event_name', 'Event name', 'string', { required: true }),
      apiField('event_time', 'Event time', 'datetime', { nativeType: 'timestamp' }),
    ],
  }),
  limits,
  routes: ({ sync, variables }) => {
    const timed = sync.mappings.some(({ to }) => to === 'event_time');
    const route = callRoute(vendor, { variables, timed }, (record) => {
      const { event_name: name = null, event_time: time } = record.fields;
      if (typeof name !== 'string' || name.trim() === '') {
        throw new RowRejected('event_name_missing', 'The event has no name.');
      }
      return {
        type: 'track',
        ...personOf(sync, record),
        event: name.trim(),
        ...timestampOf(time),
        properties: others(record.fields, 'event_name', 'event_time'),
        context: library,
      };
    });
    return () => route;
  },
});

function withContext(parts: ReturnType<EventCallVendor['traitsOf']>): typeof parts {
  const { context = {} } = parts;
  return { ...parts, context: { ...library, ...(context as typeof parts) } };
}
