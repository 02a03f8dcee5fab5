import type { DestinationRecord } from '@sluice/connectors/kit/destination';
import type { Row, Value } from '@sluice/domain/column';
import { SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import { operationsOf } from '@sluice/domain/sync-mode';

/** What is sent to one destination, and how it is written without the product. */
export interface Load {
  readonly slug: string;
  readonly sync: SyncConfigurationInput;
  readonly batchRows: number;
  /** Different batches, which are sent again and again: making records is no part of what is measured. */
  readonly batches: number;
  /** Rows of one measurement. */
  readonly rows: number;
  /** Match value, fields and row with this number, as the mapper makes them. */
  record(number: number): { readonly match: Value; readonly fields: Row; readonly row?: Row };
}

/** A load of an HTTP API, with the bare way of making the body of the request that carries the rows. */
export interface ApiLoad extends Load {
  body(batch: readonly DestinationRecord[]): string;
  /** Parts of a body that differ each time: ids drawn by lot, the time of sending. */
  readonly differs?: RegExp;
}

/** Facts of the run. */
export const variables: Readonly<Record<string, Value>> = { 'sync-id': 7, 'run-id': 1 };

export const configurationOf = ({ sync }: Load): SyncConfiguration => SyncConfiguration.parse(sync);

/** One of the load's batches; `-1` is one more, for what is done once. */
export function batchOf(load: Load, place: number): DestinationRecord[] {
  const operation = operationsOf(configurationOf(load)).added ?? 'upsert';
  return Array.from({ length: load.batchRows }, (_, index) => {
    const number = (place + 1) * load.batchRows + index + 1;
    const { match, fields, row = {} } = load.record(number);
    return {
      ...{ seq: number, key: `${number}`, class: 'added', operation, matchValue: match, fields, row },
    };
  });
}

/** Ten columns with the id, about 200 bytes. */
export const person = (number: number) => ({
  email: `person.${number}.0123456789@example.com`,
  first_name: `First ${number}0123456789abcdef`,
  last_name: `Last ${number}0123456789abcdef`,
  company: `Company number ${number % 5_000} Ltd.`,
  city: `City ${number % 997}`,
  plan: ['free', 'team', 'business'][number % 3] ?? '',
  amount: number / 8,
  active: number % 5 !== 0,
  updated_at: new Date(1_767_225_600_000 + number * 7_000).toISOString(),
});

/** Each of these fields is a column of the same name, unless said otherwise. */
export const mapped = (fields: Row, from: Readonly<Record<string, string>> = {}) =>
  Object.keys(fields).map((to) => ({ type: 'column' as const, from: from[to] ?? to, to }));
