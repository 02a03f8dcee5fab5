import { hash } from 'node:crypto';
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** SHA-256 of the UTF-8 bytes, 64 hexadecimal digits in lower case. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Whether a value is a SHA-256 already. Ask only where the person says that the column is hashed. */
export const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/i.test(text.trim());

export interface EmailRules {
  /** Gmail ignores dots before the `@`: Google and The Trade Desk match without them. */
  readonly gmailDots?: 'remove';
  /** Whose `+suffix` is dropped; nobody's unless given. */
  readonly plusSuffix?: 'remove' | 'remove_gmail';
  /** Dots before the `@` at any provider: Microsoft Ads. */
  readonly dots?: 'remove';
}

/** An address as advertisers hash it: trimmed, lower case, and by the platform's rules. `null` = not an address. */
export function normaliseEmail(text: string, rules: EmailRules = {}): string | null {
  const address = text.trim().toLowerCase();
  const at = address.lastIndexOf('@');
  if (at < 1 || at === address.length - 1 || /\s/.test(address)) return null;
  let local = address.slice(0, at);
  const domain = address.slice(at + 1);
  const gmail = domain === 'gmail.com' || domain === 'googlemail.com';
  if (rules.plusSuffix === 'remove' || (rules.plusSuffix === 'remove_gmail' && gmail))
    local = local.replace(/\+.*$/, '');
  if (rules.dots || (rules.gmailDots && gmail)) local = local.replaceAll('.', '');
  return local === '' ? null : `${local}@${domain}`;
}

/**
 * A phone number as advertisers hash it: `e164` with the plus, `digits` without. `country` (two letters) is that of
 * numbers without a country code. `null` = no number that can exist.
 */
export function normalisePhone(text: string, form: 'e164' | 'digits', country?: string): string | null {
  const code = country?.trim().toUpperCase() ?? '';
  const home = isSupportedCountry(code) ? (code as CountryCode) : undefined;
  // 0049… is what people write where a plus is hard to type.
  const number = parsePhoneNumberFromString(text.trim().replace(/^00(?=[1-9])/, '+'), home);
  if (!number?.isPossible()) return null;
  return form === 'e164' ? number.number : number.number.slice(1);
}

/** A name: lower case, without punctuation; letters of any script stay. */
export const normaliseName = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');

/** A city or a state: lower case, letters only. */
export const normalisePlace = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}]/gu, '');

/** A postal code: lower case without spaces; of the United States the first five digits. */
export function normaliseZip(text: string, country?: string): string {
  const zip = text.toLowerCase().replace(/\s/g, '');
  return country?.trim().toUpperCase() === 'US' ? (zip.split('-')[0] ?? '').slice(0, 5) : zip;
}
