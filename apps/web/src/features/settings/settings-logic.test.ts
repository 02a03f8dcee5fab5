import { CreateToken } from '@sluice/domain/workspace';
import { describe, expect, test } from 'vitest';
import { actionText } from './audit-words.ts';
import { NewTokenForm, tokenOf } from './new-token.ts';
import { valueText } from './value-text.ts';

describe('a new token', () => {
  const form: NewTokenForm = { name: 'CI', scope: 'trigger', expiry: '90', limited: false, syncIds: [4] };

  test('is for all syncs unless it is limited, whatever was ticked before', () => {
    expect(tokenOf(form)).toEqual({ name: 'CI', scope: 'trigger', expiresInDays: 90, syncIds: null });
    expect(tokenOf({ ...form, limited: true }).syncIds).toEqual([4]);
  });

  test('may never expire', () => {
    expect(tokenOf({ ...form, expiry: 'never' }).expiresInDays).toBeNull();
  });

  test('fits what the API takes', () => {
    expect(CreateToken.safeParse(tokenOf({ ...form, limited: true })).success).toBe(true);
  });

  test('limited to nothing is refused at the list of syncs', () => {
    const result = NewTokenForm.safeParse({ ...form, limited: true, syncIds: [] });
    expect(result.error?.issues.map((issue) => issue.path)).toEqual([['syncIds']]);
  });
});

test.each([
  ['source.update', 'Changed source'],
  ['token.create', 'Created API token'],
  ['sync.test_row', 'Tested a row of sync'],
  ['account.change-password', 'Changed the password of'],
  ['something.else', 'something.else'],
])('%s reads "%s"', (action, text) => {
  expect(actionText(action)).toBe(text);
});

test.each([
  [null, '(none)'],
  ['', '(none)'],
  [false, 'false'],
  [0, '0'],
  ['a b', 'a b'],
  [{ a: 1 }, '{\n  "a": 1\n}'],
])('%j is shown as %s', (value, text) => {
  expect(valueText(value)).toBe(text);
});
