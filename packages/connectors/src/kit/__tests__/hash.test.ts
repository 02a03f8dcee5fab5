import { describe, expect, it } from 'vitest';
import {
  isSha256,
  normaliseEmail,
  normaliseName,
  normalisePhone,
  normalisePlace,
  normaliseZip,
  sha256,
} from '../hash.ts';

describe('hashing for advertising', () => {
  it.each([
    [
      'an address',
      normaliseEmail('  Jane.Doe+news@Gmail.com '),
      'f41439c944a763c9812d700a779941cec169de13c9ccd13aaf9424ba5231620a',
    ],
    [
      'an address for Google',
      normaliseEmail('  Jane.Doe+news@Gmail.com ', { gmailDots: 'remove' }),
      'd3b270ea0941753cc9e5a239cbd68cf66735867f70b0fa04d47b00e1c1a194d6',
    ],
    [
      'a number for Meta and Snap',
      normalisePhone('+1 (415) 555-0100', 'digits'),
      '5e7ec4c79ccac6e420876e65ad0e6b4b2ccf73ec3dccb50297bf2890a1ec73b9',
    ],
    [
      'a number for Google and TikTok',
      normalisePhone('+1 (415) 555-0100', 'e164'),
      '40d3f4e02db27d66cf4cfdda506c2c945f115a7955cc8491dda98ce5beabcda0',
    ],
    [
      'a last name',
      normaliseName("O'Neil"),
      '67a42a846e98e3c1a96cd6ba14883a5ea05990cd93964ce8b832aa9497ca785c',
    ],
    [
      'a city',
      normalisePlace('New York'),
      '350c754ba4d38897693aa077ef43072a859d23f613443133fecbbd90a3512ca5',
    ],
  ])('makes of %s what the platform expects', (_, normalised, expected) => {
    expect(sha256(normalised ?? '')).toBe(expected);
  });

  it('knows the suffixes and dots that each platform ignores', () => {
    expect(normaliseEmail('A.B+c@Example.com', { plusSuffix: 'remove', dots: 'remove' })).toBe(
      'ab@example.com',
    );
    expect(normaliseEmail('A.B+c@Example.com', { plusSuffix: 'remove_gmail', gmailDots: 'remove' })).toBe(
      'a.b+c@example.com',
    );
    expect(normaliseEmail('a.b+c@googlemail.com', { plusSuffix: 'remove_gmail', gmailDots: 'remove' })).toBe(
      'ab@googlemail.com',
    );
  });

  it('makes nothing of what is no address or number', () => {
    for (const text of ['', ' ', 'jane', '@example.com', 'jane@', 'ja ne@example.com'])
      expect(normaliseEmail(text)).toBeNull();
    for (const text of ['', 'call me', '123', '0171 1234567'])
      expect(normalisePhone(text, 'e164')).toBeNull();
  });

  it('reads numbers without a country code by the country of the mapping', () => {
    expect(normalisePhone('0171 1234567', 'e164', 'de')).toBe('+491711234567');
    expect(normalisePhone('0049 171 1234567', 'digits')).toBe('491711234567');
    expect(normalisePhone('(415) 555-0100', 'digits', 'US')).toBe('14155550100');
  });

  it('cuts postal codes as the United States do, and only theirs', () => {
    expect(normaliseZip('94103-1234', 'us')).toBe('94103');
    expect(normaliseZip('SW1A 1AA', 'GB')).toBe('sw1a1aa');
  });

  it('tells a hash from a number', () => {
    expect(isSha256(sha256('x').toUpperCase())).toBe(true);
    expect(isSha256('4915112345678')).toBe(false);
  });
});
