import { hash } from 'node:crypto';
import type { Value } from '@sluice/domain/column';
import type { DestinationRecord } from './destination.ts';
import { valueToJson } from './value-json.ts';

export interface ChangeIdParts {
  /** Facts of the run: `sync-id`, `run-id`. */
  readonly variables: Readonly<Record<string, Value>>;
  /**
   * Whether the fields tell one change from another for good (they hold the time it happened). Then the id is the same
   * in every run, and what a run is not sure of arrives once. Otherwise a row that takes an old value again would look
   * like a repetition and be dropped, so the id holds within its run only.
   */
  readonly timed: boolean;
}

/**
 * What names one change of one row, for vendors that recognise repetitions by such an id: the same on every try.
 * Made from sync, key, class and values; 32 hexadecimal digits.
 */
export function changeId(record: DestinationRecord, { variables, timed }: ChangeIdParts): string {
  const parts = [
    String(variables['sync-id'] ?? ''),
    timed ? '' : String(variables['run-id'] ?? ''),
    record.class,
    record.key,
    valueToJson(record.matchValue),
    valueToJson(record.fields),
    '',
  ];
  return hash('sha256', parts.join('\0'), 'hex').slice(0, 32);
}

/** The same as a UUID (version 8, made by us): for vendors that insist on one. */
export function changeUuid(record: DestinationRecord, parts: ChangeIdParts): string {
  const hex = changeId(record, parts);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/**
 * The same as a ULID, 26 characters: the time in front, then 80 bits of the id. https://github.com/ulid/spec
 */
export function changeUlid(record: DestinationRecord, parts: ChangeIdParts, atMs: number): string {
  let time = BigInt(Math.max(0, Math.trunc(atMs))) & 0xffffffffffffn;
  let random = BigInt(`0x${changeId(record, parts).slice(0, 20)}`);
  const digits: string[] = [];
  for (let place = 0; place < 16; place += 1, random >>= 5n) digits.unshift(crockford(random));
  for (let place = 0; place < 10; place += 1, time >>= 5n) digits.unshift(crockford(time));
  return digits.join('');
}

const crockford = (value: bigint): string => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.charAt(Number(value & 31n));
