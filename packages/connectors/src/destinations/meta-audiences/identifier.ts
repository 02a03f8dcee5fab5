import type { Value } from '@sluice/domain/column';
import {
  isSha256,
  normaliseEmail,
  normaliseName,
  normalisePhone,
  normalisePlace,
  normaliseZip,
  sha256,
} from '../../kit/hash.ts';
import { RowRejected } from '../../kit/http/route.ts';

/** Something that Meta matches people by. */
export interface Identifier {
  readonly label: string;
  /** Meta wants it as it is. */
  readonly plain?: true;
  /** The form that is hashed; `null` for a value that is none. */
  normalise(text: string, country: string): string | null;
}

const digits =
  (count: number) =>
  (text: string): string | null =>
    /^\d+$/.test(text) ? text.padStart(count, '0') : null;

/**
 * Keys of an audience, in the order in which they are sent.
 * https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash (2026-11)
 */
export const identifiers: Readonly<Record<string, Identifier>> = {
  EXTERN_ID: { label: 'Your own ID', plain: true, normalise: (text) => text },
  EMAIL: { label: 'Email', normalise: (text) => normaliseEmail(text) },
  PHONE: {
    label: 'Phone number',
    normalise: (text, country) => normalisePhone(text, 'digits', country),
  },
  FN: { label: 'First name', normalise: named(normaliseName) },
  LN: { label: 'Last name', normalise: named(normaliseName) },
  FI: { label: 'Initial of the first name', normalise: named((text) => normaliseName(text).slice(0, 1)) },
  GEN: {
    label: 'Gender (f or m)',
    normalise: (text) => /^(f|m)/.exec(text.toLowerCase())?.[1] ?? null,
  },
  DOBY: { label: 'Year of birth', normalise: (text) => (/^(18|19|20)\d\d$/.test(text) ? text : null) },
  DOBM: { label: 'Month of birth', normalise: within(digits(2), 12) },
  DOBD: { label: 'Day of birth', normalise: within(digits(2), 31) },
  CT: { label: 'City', normalise: named(normalisePlace) },
  ST: { label: 'State', normalise: named(normalisePlace) },
  ZIP: { label: 'Postal code', normalise: named(normaliseZip) },
  COUNTRY: {
    label: 'Country (two letters)',
    normalise: (text) => (/^[a-z]{2}$/i.test(text) ? text.toLowerCase() : null),
  },
  MADID: {
    label: 'Mobile advertising ID',
    plain: true,
    normalise: (text) => (/^[0-9a-f-]{32,36}$/i.test(text) ? text.toLowerCase() : null),
  },
};

/**
 * A value as Meta takes it: normalised and hashed, empty where there is none. `hashed`: the column holds SHA-256 already.
 * Throws `RowRejected` for one that cannot be what it is said to be.
 */
function identifierValue(name: string, value: Value, country: string, hashed: boolean): string {
  const text =
    value === null ? '' : (typeof value === 'object' ? JSON.stringify(value) : String(value)).trim();
  const identifier = identifiers[name];
  // The hash of nothing is a hash too: it would match nobody, or everybody without one.
  if (text === '' || !identifier) return '';
  if (hashed && !identifier.plain) {
    if (isSha256(text)) return text.toLowerCase();
    throw new RowRejected(
      'hash_invalid',
      `The column for ${identifier.label} does not hold SHA-256 in every row.`,
    );
  }
  const normal = identifier.normalise(text, country);
  // Whose value it is stays out of the words: they are kept.
  if (normal === null)
    throw new RowRejected(
      `${name.toLowerCase()}_invalid`,
      `${identifier.label}: the value of the row is not valid.`,
    );
  if (normal === '') return '';
  return identifier.plain ? normal : sha256(normal);
}

/** Keys with few different values: their hashes are worth remembering. */
const common = new Set(['FN', 'FI', 'GEN', 'DOBY', 'DOBM', 'DOBD', 'CT', 'ST', 'COUNTRY']);
const rememberedMax = 20_000;

/** `identifierValue` that remembers the hashes of values that come again and again. */
export function createHasher(): typeof identifierValue {
  let known = new Map<string, string>();
  return (name, value, country, hashed) => {
    if (typeof value !== 'string' || !common.has(name)) return identifierValue(name, value, country, hashed);
    const place = `${name}\0${hashed}\0${value}`;
    const before = known.get(place);
    if (before !== undefined) return before;
    if (known.size >= rememberedMax) known = new Map();
    const made = identifierValue(name, value, country, hashed);
    known.set(place, made);
    return made;
  };
}

function named(normalise: (text: string, country: string) => string) {
  return (text: string, country: string): string | null => normalise(text, country);
}

function within(normalise: (text: string) => string | null, most: number) {
  return (text: string): string | null => {
    const normal = normalise(text);
    return normal !== null && Number(normal) >= 1 && Number(normal) <= most ? normal : null;
  };
}
