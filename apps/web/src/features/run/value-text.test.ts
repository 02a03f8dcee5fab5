import { expect, test } from 'vitest';
import { bodyText, valueText } from './value-text.ts';

test('NULL stays apart from an empty text, and big integers keep their digits', () => {
  expect(valueText(null)).toBeNull();
  expect(valueText('')).toBe('');
  expect(valueText(9007199254740993n)).toBe('9007199254740993');
  expect(valueText({ a: [1n, null] })).toBe('{"a":["1",null]}');
});

test('JSON bodies are indented, unless that would change a digit', () => {
  expect(bodyText('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(bodyText('{"a":12345678901234567890}')).toBe('{"a":12345678901234567890}');
  expect(bodyText('<html>')).toBe('<html>');
  expect(bodyText('{broken')).toBe('{broken');
});
