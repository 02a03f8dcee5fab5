import type { Value } from '@sluice/domain/column';
import { changeId } from '../../../kit/change-id.ts';
import type { RecordResult, WriterLimits } from '../../../kit/destination.ts';
import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { delivered, type Route, RowRejected } from '../../../kit/http/route.ts';
import { isoTime } from '../../../kit/time-value.ts';
import { valueToJson } from '../../../kit/value-json.ts';
import { body } from '../client.ts';
import { identifierFields, identifierText } from '../profile.ts';
import { sendPointed } from '../send-pointed.ts';

/** https://developers.klaviyo.com/en/reference/bulk_create_events (2026-11): 1,000 events, 5 MB; 10 requests / s, 150 / min. */
export const eventBatch = { rows: 1000, bytes: 4_900_000 };
const limits: WriterLimits = {
  batchRowsMax: eventBatch.rows,
  concurrency: 2,
  requests: [
    { count: 10, perMs: 1_000 },
    { count: 150, perMs: 60_000 },
  ],
};

/** Events of profiles; Klaviyo drops repetitions by `unique_id`, and takes them without saying more. */
export const events: ApiObject = {
  id: 'events',
  label: 'Events',
  modes: ['event'],
  openFields: true,
  describe: () =>
    Promise.resolve({
      fields: [
        ...identifierFields,
        apiField('metric', 'Metric (name of the event)', 'string', { required: true }),
        apiField('time', 'Time', 'datetime'),
        apiField('value', 'Value', 'number'),
        apiField('value_currency', 'Currency of the value', 'string'),
      ],
    }),
  limits,
  routes: ({ sync, variables }) => {
    const timed = sync.mappings.some(({ to }) => to === 'time');
    const by = sync.matchKey?.to ?? 'email';
    const request = (items: readonly string[]) => ({
      method: 'POST' as const,
      path: '/api/event-bulk-create-jobs',
      body: body(
        `{"data":{"type":"event-bulk-create-job","attributes":{"events-bulk-create":{"data":[${items.join(',')}]}}}}`,
      ),
      // 202 without a body; a 400 is read for the rows that it names.
      answer: 'text' as const,
    });
    const route: Route = {
      name: 'events',
      batch: eventBatch,
      encode(record) {
        const { metric = null, time: at = null, value = null, ...rest } = record.fields;
        const { value_currency: currency = null, ...properties } = rest;
        if (typeof metric !== 'string' || metric.trim() === '')
          throw new RowRejected('event_name_missing', 'The event has no metric.');
        const time = at === null ? null : isoTime(at);
        if (at !== null && time === null)
          throw new RowRejected('event_time_invalid', `"${String(at).slice(0, 60)}" is not a time.`);
        const amount = value === null || value === '' ? null : Number(value);
        if (amount !== null && !Number.isFinite(amount))
          throw new RowRejected('event_value_invalid', `"${String(value).slice(0, 60)}" is not a number.`);
        const attributes: { [name: string]: Value } = {
          properties,
          ...(time !== null && { time }),
          ...(amount !== null && { value: amount }),
          ...(currency !== null && { value_currency: String(currency) }),
          metric: { data: { type: 'metric', attributes: { name: metric.trim() } } },
          unique_id: changeId(record, { variables, timed }),
        };
        const text = identifierText(record);
        const profile: Value =
          by === 'id'
            ? { type: 'profile', id: text, attributes: {} }
            : { type: 'profile', attributes: { [by]: text } };
        return valueToJson({
          type: 'event-bulk-create',
          attributes: { profile: { data: profile }, events: { data: [{ type: 'event', attributes }] } },
        });
      },
      request: ({ items }) => request(items),
      read: () => [],
      async send({ items }, session) {
        const results: (RecordResult | undefined)[] = items.map(() => undefined);
        const taken = await sendPointed(session, items, request, results);
        for (const place of taken?.places ?? []) results[place] = delivered;
        return results as RecordResult[];
      },
    };
    return () => route;
  },
};
