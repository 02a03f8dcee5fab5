import { type ConfigField, secretSet } from '@sluice/domain/field';
import { expect, test } from 'vitest';
import {
  configurationOf,
  connectionProblems,
  fieldGroups,
  initialValues,
  visibleFields,
} from './connection-values.ts';

const field = (name: string, more: Partial<ConfigField> = {}): ConfigField => ({
  name,
  label: name,
  kind: 'text',
  help: '',
  secret: false,
  required: false,
  ...more,
});

const fields = [
  field('host', { required: true, guardsSecrets: true, label: 'Host' }),
  field('port', { kind: 'number', default: 5432 }),
  field('password', { kind: 'password', secret: true, required: true, label: 'Password' }),
  field('ssl', { kind: 'select', default: 'require' }),
  field('ca', { kind: 'textarea', visibleWhen: { field: 'ssl', values: ['verify-full'] } }),
  field('headers', { kind: 'headers' }),
];

test('a form starts with defaults, and saved values win over them', () => {
  expect(initialValues(fields)).toMatchObject({ host: '', port: 5432, ssl: 'require', headers: [] });
  expect(initialValues(fields, { port: 6543 })).toMatchObject({ port: 6543 });
});

test('fields appear only while the field they depend on has one of their values', () => {
  const names = (ssl: string) => visibleFields(fields, { ssl }).map(({ name }) => name);
  expect(names('require')).not.toContain('ca');
  expect(names('verify-full')).toContain('ca');
});

test('fields stand together below the one that they belong to, unless others stand between', () => {
  const below = (owner: string) => ({ visibleWhen: { field: owner, values: ['x'] } });
  const shown = [
    field('host'),
    field('access'),
    field('user', below('access')),
    field('key', below('access')),
    field('tunnel'),
    field('bastion', below('tunnel')),
    field('region', below('access')),
    field('ssl'),
  ];
  expect(fieldGroups(shown).map(({ under, fields: of }) => [under, ...of.map(({ name }) => name)])).toEqual([
    [null, 'host', 'access'],
    ['access', 'user', 'key'],
    [null, 'tunnel'],
    ['tunnel', 'bastion'],
    [null, 'region', 'ssl'],
  ]);
});

test('hidden and empty fields are not sent, numbers are sent as numbers', () => {
  const values = { host: 'db', port: '6543', password: 'x', ssl: 'require', ca: 'left over', headers: [] };
  expect(configurationOf(fields, values)).toEqual({
    host: 'db',
    port: 6543,
    password: 'x',
    ssl: 'require',
    headers: [],
  });
});

test('missing required fields and wrong numbers are named', () => {
  expect(connectionProblems(fields, { host: '', password: 'x', port: 'abc' })).toEqual({
    host: 'Host is missing.',
    port: 'port must be a number.',
  });
});

test('changing the host demands the secrets again', () => {
  const saved = { host: 'db', password: secretSet };
  expect(connectionProblems(fields, { ...saved }, saved)).toEqual({});
  expect(connectionProblems(fields, { ...saved, host: 'evil' }, saved).password).toMatch(
    /Enter password again/,
  );
  expect(connectionProblems(fields, { host: 'evil', password: 'new' }, saved)).toEqual({});
  const withHeader = { ...saved, host: 'evil', password: 'new' };
  const headers = [{ name: 'authorization', value: secretSet, secret: true }];
  expect(connectionProblems(fields, { ...withHeader, headers }, saved).headers).toBeDefined();
});

test('a field that came after the connection was saved has not changed by that', () => {
  const newer = [...fields, field('tunnel', { kind: 'checkbox', default: false, guardsSecrets: true })];
  const saved = { host: 'db', password: secretSet };
  const values = initialValues(newer, saved);
  expect(connectionProblems(newer, values, saved)).toEqual({});
  expect(connectionProblems(newer, { ...values, tunnel: true }, saved).password).toMatch(
    /Enter password again/,
  );
});

test.each([
  [[{ name: '', value: 'x', secret: false }], /no name/],
  [[{ name: 'a b', value: 'x', secret: false }], /cannot be the name/],
  [
    [
      { name: 'X-A', value: '1', secret: false },
      { name: 'x-a', value: '2', secret: false },
    ],
    /twice/,
  ],
])('headers %j are refused', (headers, message) => {
  expect(connectionProblems([field('headers', { kind: 'headers' })], { headers }).headers).toMatch(message);
});
