import type { Row, Value } from '@sluice/domain/column';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { changeUuid } from '../change-id.ts';
import type { DestinationRecord, RecordResult } from '../destination.ts';
import type { ApiAnswer } from '../http/api-request.ts';
import { jsonText } from '../http/api-request.ts';
import { type BatchLimits, type Route, RowRejected } from '../http/route.ts';
import { isoTime } from '../time-value.ts';
import { valueToJson } from '../value-json.ts';

/** How one vendor takes the calls `identify`, `group` and `track`. */
export interface EventCallVendor {
  readonly batch: BatchLimits;
  /** Where the batch is posted. */
  readonly path: string;
  /** Where the traits of a person go. */
  readonly traitsOf: (traits: Row) => Row;
  readonly answer: 'json' | 'text';
  readonly read: (answer: ApiAnswer, rows: number) => readonly RecordResult[];
}

/** A call, without what all calls have in common. */
export interface Call {
  readonly type: 'identify' | 'group' | 'track';
  readonly [name: string]: Value;
}

/**
 * The route of one kind of call. Each call has a `messageId` that is the same on every try, so that what is sent again
 * arrives once. `callOf` may throw `RowRejected`.
 * https://segment.com/docs/connections/spec/ and https://www.rudderstack.com/docs/event-spec/ (read 2026-11-22)
 */
export function callRoute(
  vendor: EventCallVendor,
  parts: { readonly variables: Readonly<Record<string, Value>>; readonly timed: boolean },
  callOf: (record: DestinationRecord) => Call,
): Route {
  return {
    name: 'batch',
    batch: vendor.batch,
    encode: (record) =>
      valueToJson({
        messageId: changeUuid(record, parts),
        ...callOf(record),
      }),
    request: ({ items }) => ({
      method: 'POST',
      path: vendor.path,
      // The vendor corrects the clock of who sends by the difference to its own.
      body: jsonText(`{"batch":[${items.join(',')}],"sentAt":"${new Date().toISOString()}"}`),
      answer: vendor.answer,
    }),
    read: (answer, { records }) => vendor.read(answer, records.length),
  };
}

export const library: Row = { library: { name: 'Sluice' } };

/** Whom a call is about: `{ userId: '42' }` or `{ anonymousId: '…' }`. */
export function personOf(sync: SyncConfiguration, record: DestinationRecord): Row {
  return { [sync.matchKey?.to === 'anonymousId' ? 'anonymousId' : 'userId']: idText(record.matchValue) };
}

/** Ids are text, whatever the column is. Throws `RowRejected` for an empty one. */
export function idText(value: Value): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value).trim();
  if (value === null || text === '') throw new RowRejected('id_missing', 'The row has no id.');
  return text;
}

/** `timestamp` of a call, from a field that holds a time; nothing where it is empty. Throws `RowRejected`. */
export function timestampOf(value: Value | undefined): Row {
  if (value === null || value === undefined) return {};
  const timestamp = isoTime(value);
  if (timestamp === null) {
    throw new RowRejected('event_time_invalid', `"${String(value).slice(0, 60)}" is not a time.`);
  }
  return { timestamp };
}

/** The fields that are not parts of the call itself. */
export function others(fields: Row, ...names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
