import { valueToJson } from '@sluice/connectors/kit/value-json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseValue } from '../map/value.ts';

describe('canonical text', () => {
  it.each([
    ['boolean', 'true', true],
    ['boolean', 'yes', 'yes'],
    ['integer', '42', 42],
    ['integer', '-9007199254740993', -9007199254740993n],
    ['integer', '4x', '4x'],
    ['decimal', '1.5', 1.5],
    ['decimal', '12345678901234567890.12', '12345678901234567890.12'],
    ['decimal', '0.1', 0.1],
    ['decimal', '0.30000000000000004', 0.30000000000000004],
    ['decimal', '1000000000000000000000', 1e21],
    ['decimal', '1000000000000000000001', '1000000000000000000001'],
    ['decimal', 'NaN', 'NaN'],
    ['float', 'NaN', Number.NaN],
    ['float', '-Infinity', Number.NEGATIVE_INFINITY],
    ['float', '1e+300', 1e300],
    ['string', '007', '007'],
    ['date', '0044-03-15 BC', '0044-03-15 BC'],
    ['timestamp', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    [
      'json',
      '{"a":[1,9007199254740993,0.5,12345678901234567890.5]}',
      { a: [1, 9007199254740993n, 0.5, '12345678901234567890.5'] },
    ],
    ['json', '1e300', 1e300],
    ['json', '{broken', '{broken'],
    ['array', '["a",null]', ['a', null]],
    ['binary', '\\x00ff', '\\x00ff'],
  ] as const)('%s %s', (type, text, expected) => {
    expect(parseValue(text, type)).toEqual(expected);
  });

  it('keeps NULL in every type', () => {
    expect(parseValue(null, 'json')).toBeNull();
  });

  it('keeps every digit of integers and decimals', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.nat(), (whole, fraction) => {
        expect(String(parseValue(String(whole), 'integer'))).toBe(String(whole));
        const decimal = `${whole}.${fraction}1`;
        expect(Number(parseValue(decimal, 'decimal'))).toBe(Number(decimal));
        const value = parseValue(decimal, 'decimal');
        if (typeof value === 'number') expect(String(value)).toBe(decimal);
        else expect(value).toBe(decimal);
        expect(valueToJson(parseValue(`{"n":${whole}}`, 'json'))).toBe(`{"n":${whole}}`);
      }),
    );
  });
});
