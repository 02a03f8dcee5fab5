import { changeUuid } from '../../../kit/change-id.ts';
import type { WriterLimits } from '../../../kit/destination.ts';
import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { jsonText } from '../../../kit/http/api-request.ts';
import { delivered, type Route, RowRejected } from '../../../kit/http/route.ts';
import { isoTime } from '../../../kit/time-value.ts';
import { propertyText } from '../property.ts';

const identifiers = { email: 'email', record_id: 'objectId', utk: 'utk' } as const;

/**
 * Custom events of contacts and other records; HubSpot drops repetitions by the event's `uuid`.
 * https://developers.hubspot.com/docs/guides/api/analytics-and-events/custom-events/custom-event-completions (2026-11)
 */
export const events = (limits: WriterLimits): ApiObject => ({
  id: 'events',
  label: 'Custom events',
  modes: ['event'],
  openFields: true,
  describe: () =>
    Promise.resolve({
      fields: [
        apiField('email', 'Contact: Email', 'string', { matchable: true, nativeType: 'identifier' }),
        apiField('record_id', 'Record ID', 'string', { matchable: true, nativeType: 'identifier' }),
        apiField('utk', 'Visitor token', 'string', { matchable: true, nativeType: 'identifier' }),
        apiField('event_name', 'Event name', 'string', { required: true }),
        apiField('occurred_at', 'Occurred at', 'datetime'),
      ],
    }),
  limits,
  routes: ({ sync, variables }) => {
    const timed = sync.mappings.some(({ to }) => to === 'occurred_at');
    const identifier = identifiers[(sync.matchKey?.to ?? 'email') as keyof typeof identifiers];
    const route: Route = {
      name: 'events',
      batch: { rows: 500 },
      encode(record) {
        const { event_name: name = null, occurred_at: at = null, ...properties } = record.fields;
        if (typeof name !== 'string' || name.trim() === '')
          throw new RowRejected('event_name_missing', 'The event has no name.');
        const occurredAt = at === null ? null : isoTime(at);
        if (at !== null && occurredAt === null)
          throw new RowRejected('event_time_invalid', `"${String(at).slice(0, 60)}" is not a time.`);
        return JSON.stringify({
          eventName: name.trim(),
          [identifier]: String(record.matchValue).trim(),
          uuid: changeUuid(record, { variables, timed }),
          ...(occurredAt !== null && { occurredAt }),
          properties: Object.fromEntries(
            Object.entries(properties).map(([field, value]) => [
              field,
              propertyText(field, value, undefined),
            ]),
          ),
        });
      },
      request: ({ items }) => ({
        method: 'POST',
        path: '/events/v3/send/batch',
        body: jsonText(`{"inputs":[${items.join(',')}]}`),
        answer: 'nothing',
      }),
      read: (_, { records }) => records.map(() => delivered),
    };
    return () => route;
  },
});
