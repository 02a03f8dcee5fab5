import { changeUlid } from '../../../kit/change-id.ts';
import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { RowRejected } from '../../../kit/http/route.ts';
import { epochMs } from '../../../kit/time-value.ts';
import { attributesOf } from '../attributes.ts';
import { batchRoute } from '../batch-route.ts';
import { identifierFields, identifiersOf } from '../identifier.ts';
import { limits } from '../limits.ts';

/** What a person did. Customer.io drops repetitions by the event's id, a ULID. */
export const events: ApiObject = {
  id: 'events',
  label: 'Events',
  modes: ['event'],
  openFields: true,
  describe: () =>
    Promise.resolve({
      fields: [
        ...identifierFields,
        apiField('event_name', 'Event name', 'string', { required: true }),
        apiField('event_time', 'Event time', 'datetime', { nativeType: 'timestamp' }),
      ],
    }),
  limits,
  routes: ({ sync, variables }) => {
    const timed = sync.mappings.some(({ to }) => to === 'event_time');
    const route = batchRoute((record) => {
      const { event_name: name = null, event_time: time = null } = record.fields;
      if (typeof name !== 'string' || name.trim() === '')
        throw new RowRejected('event_name_missing', 'The event has no name.');
      const at = time === null ? null : epochMs(time);
      if (time !== null && at === null)
        throw new RowRejected('event_time_invalid', `"${String(time).slice(0, 60)}" is not a time.`);
      return {
        type: 'person',
        action: 'event',
        identifiers: identifiersOf(sync, record.matchValue),
        id: changeUlid(record, { variables, timed }, at ?? 0),
        name: name.trim(),
        ...(at !== null && { timestamp: Math.floor(at / 1000) }),
        attributes: attributesOf(record.fields, ['event_name', 'event_time']),
      };
    });
    return () => route;
  },
};
