import type { Row, Value } from '@sluice/domain/column';
import { RowRejected } from '../../kit/http/route.ts';
import { epochSeconds } from '../../kit/time-value.ts';

/** https://docs.customer.io/journeys/attributes/ (2026-11): names of 150 bytes, values of 1,000. */
const nameBytesMax = 150;
const valueBytesMax = 1000;

/** Attributes that Customer.io reads as a time, in seconds. https://docs.customer.io/journeys/reserved-attributes/ (2026-11) */
const times = new Set(['created_at', '_created_in_customerio_at']);

/** The attributes of a record; an empty one is removed at Customer.io. Throws `RowRejected` for one that is too long. */
export function attributesOf(fields: Row, leaveOut: readonly string[] = []): { [name: string]: Value } {
  const attributes: { [name: string]: Value } = {};
  for (const name in fields) {
    const value = fields[name] ?? null;
    if (leaveOut.includes(name)) continue;
    if (isLonger(name, nameBytesMax)) {
      throw new RowRejected('attribute_name_too_long', `"${name.slice(0, 60)}…" is longer than 150 bytes.`);
    }
    if (typeof value === 'string' && isLonger(value, valueBytesMax)) {
      throw new RowRejected('attribute_too_long', `The attribute "${name}" is longer than 1,000 bytes.`);
    }
    attributes[name] = times.has(name) && value !== null ? (epochSeconds(value) ?? value) : (value ?? '');
  }
  return attributes;
}

/** Whether a text has more bytes; one unit of UTF-16 is three of UTF-8 at most, so short texts need no counting. */
const isLonger = (text: string, bytes: number): boolean =>
  text.length * 3 > bytes && Buffer.byteLength(text) > bytes;
