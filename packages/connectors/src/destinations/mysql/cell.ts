import type { Value } from '@sluice/domain/column';
import { RowRejected } from '../../kit/http/route.ts';
import { valueToJson } from '../../kit/value-json.ts';
import type { TableColumn } from './table.ts';

/** A value as the driver shall write it into a column. Throws `RowRejected` for one that the column cannot hold. */
export function cellOf(value: Value, column: TableColumn): string | Buffer | number | null {
  if (value === null) return null;
  if (typeof value === 'object') return valueToJson(value);
  if (typeof value === 'boolean') return column.dataType === 'json' ? String(value) : Number(value);
  const text = String(value);
  switch (column.dataType) {
    case 'datetime':
    case 'timestamp':
      return momentText(text, column);
    case 'json':
      // A text that is no document becomes a JSON string.
      return isJson(text) ? text : JSON.stringify(text);
    case 'bit':
      return bitText(text, column);
    case 'tinyint':
      return text === 'true' ? 1 : text === 'false' ? 0 : text;
    default:
      return /^\\x([0-9a-f]{2})*$/i.test(text) && /binary|blob/.test(column.dataType)
        ? Buffer.from(text.slice(2), 'hex')
        : text;
  }
}

/** `2026-02-28T01:02:03.5Z` → `2026-02-28 01:02:03.5`: the session's time zone is UTC. */
function momentText(text: string, column: TableColumn): string {
  const parts =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(
      text,
    );
  if (!parts)
    throw new RowRejected('value_invalid', `"${text.slice(0, 60)}" is not a time for ${column.name}.`);
  const [, date = '', clock = '00:00:00', zone = 'Z'] = parts;
  if (zone === 'Z' || /^[+-]00:?(00)?$/.test(zone)) return `${date} ${clock}`;
  const [seconds = '', fraction] = clock.split('.');
  const full =
    zone.length === 3 ? `${zone}:00` : zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const utc = new Date(`${date}T${seconds.length === 5 ? `${seconds}:00` : seconds}${full}`).toISOString();
  return `${utc.slice(0, 19).replace('T', ' ')}${fraction === undefined ? '' : `.${fraction}`}`;
}

function bitText(text: string, column: TableColumn): Buffer {
  const number = text === 'true' ? 1n : text === 'false' ? 0n : /^\d+$/.test(text) ? BigInt(text) : null;
  if (number === null || number > 0xffff_ffff_ffff_ffffn) {
    throw new RowRejected('value_invalid', `"${text.slice(0, 60)}" is not a number for ${column.name}.`);
  }
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(number);
  return bytes;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
