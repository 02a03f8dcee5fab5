import type { Value } from '@sluice/domain/column';

/**
 * The moment that a value names, in milliseconds since 1970; `null` when it names none. Text is ISO 8601; without a
 * zone it is taken as UTC. Numbers are seconds up to the year 2286, milliseconds beyond.
 */
export function epochMs(value: Value): number | null {
  if (typeof value === 'bigint') return epochMs(Number(value));
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null;
    return Math.abs(value) < 10_000_000_000 ? Math.round(value * 1000) : Math.round(value);
  }
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^-?\d{1,10}(\.\d+)?$/.test(text) || /^-?\d{13}$/.test(text)) return epochMs(Number(text));
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  const zoned = /(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})$/i.test(text.slice(10));
  const full = text.length === 10 ? `${text}T00:00:00Z` : zoned ? text : `${text}Z`;
  const ms = Date.parse(full.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'));
  return Number.isNaN(ms) ? null : ms;
}

/** The same in whole seconds. */
export function epochSeconds(value: Value): number | null {
  const ms = epochMs(value);
  return ms === null ? null : Math.floor(ms / 1000);
}

/**
 * A day, or a time as `isoTime` writes it, with or without milliseconds; days that some months do not have are left to the
 * calendar.
 */
const isoForm =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z)?$/;

/** The same as ISO 8601 text in UTC. */
export function isoTime(value: Value): string | null {
  // Most times come in these forms already, and taking them apart costs more than the rest of a row.
  if (typeof value === 'string' && isoForm.test(value)) {
    if (value.length === 24) return value;
    return value.length === 10 ? `${value}T00:00:00.000Z` : `${value.slice(0, 19)}.000Z`;
  }
  const ms = epochMs(value);
  return ms === null || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}

/** A time for people, in UTC and to the minute: `2026-11-22 22:00 UTC`. */
export const utcWords = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
