import { expect, test } from 'vitest';
import { type FieldOption, statementsFor } from './field.ts';

const option: FieldOption = { value: 'x', label: 'X', statements: 'GRANT {role} TO {user}; -- {user}' };

test('statements of an option name what the form holds, as SQL names', () => {
  expect(statementsFor(option, { role: 'r', user: ' Sluice "reader" ' })).toBe(
    'GRANT "r" TO "Sluice ""reader"""; -- "Sluice ""reader"""',
  );
  expect(statementsFor(option, { role: '$&', user: '{role}' })).toBe('GRANT "$&" TO "{role}"; -- "{role}"');
});

test('statements wait for every value that they name', () => {
  expect(statementsFor(option, { role: 'r' })).toBeNull();
  expect(statementsFor(option, { role: 'r', user: '  ' })).toBeNull();
  expect(statementsFor({ value: 'x', label: 'X' }, {})).toBeNull();
});

test('names are quoted as the other system quotes them', () => {
  const backticks: FieldOption = { ...option, statements: 'USE {role}', nameQuote: '`' };
  expect(statementsFor(backticks, { role: 'a`b"c' })).toBe('USE `a``b"c`');
});
