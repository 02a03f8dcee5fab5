import { SluiceError } from '@sluice/domain/error';
import { type ConfigField, secretSet } from '@sluice/domain/field';
import { describe, expect, it } from 'vitest';
import { type ReadConfiguration, readConfiguration } from './read-configuration.ts';

const field = (name: string, more: Partial<ConfigField> = {}): ConfigField => ({
  name,
  label: name,
  kind: 'text',
  help: 'Help.',
  secret: false,
  required: false,
  ...more,
});

const connector = {
  name: 'Shop',
  fields: [
    field('host', { required: true, guardsSecrets: true }),
    field('port', { kind: 'number', default: 5432 }),
    field('password', { kind: 'password', secret: true, required: true }),
    field('mode', {
      kind: 'select',
      default: 'off',
      options: [
        { value: 'off', label: 'Off' },
        { value: 'full', label: 'Full' },
      ],
    }),
    field('certificate', {
      kind: 'textarea',
      visibleWhen: { field: 'mode', values: ['full'] },
      required: true,
    }),
    field('readOnly', { kind: 'checkbox' }),
    field('headers', { kind: 'headers' }),
  ],
};

const saved: ReadConfiguration = {
  shown: { host: 'db.example.com', port: 5432, password: secretSet, mode: 'off', headers: [] },
  secrets: { password: 'old secret' },
};

function problemsOf(input: Record<string, unknown>, over?: ReadConfiguration): Record<string, string> {
  try {
    readConfiguration(connector, input, over);
  } catch (err) {
    if (err instanceof SluiceError && err.code === 'input_invalid') return err.fields ?? {};
    throw err;
  }
  return {};
}

describe('readConfiguration', () => {
  it('splits secrets from what is shown and fills in defaults', () => {
    const read = readConfiguration(connector, { host: ' db.example.com ', port: '6543', password: ' p ' });
    expect(read.shown).toEqual({
      host: 'db.example.com',
      port: 6543,
      password: secretSet,
      mode: 'off',
      headers: [],
    });
    expect(read.secrets).toEqual({ password: ' p ' });
  });

  it('names every mistake at its field', () => {
    expect(
      problemsOf({ port: 'many', mode: 'half', readOnly: 'yes', hots: 'x', password: secretSet }),
    ).toEqual({
      'configuration.hots': 'Shop has no field "hots".',
      'configuration.host': 'host is required.',
      'configuration.port': 'port is a number.',
      'configuration.mode': 'Choose one of: off, full.',
      'configuration.readOnly': 'readOnly is either true or false.',
      'configuration.password': 'Write the password.',
    });
  });

  it('refuses lines, NUL and lengths that no connector expects', () => {
    const input = { host: 'a\nb', password: 'x\0y' };
    expect(Object.keys(problemsOf(input))).toEqual(['configuration.host', 'configuration.password']);
    expect(problemsOf({ host: 'h'.repeat(2001), password: 'p' })['configuration.host']).toContain('2,000');
  });

  it('asks for a conditional field only while it applies, and forgets it afterwards', () => {
    const input = { host: 'h', password: 'p', mode: 'full' };
    expect(problemsOf(input)).toEqual({ 'configuration.certificate': 'certificate is required.' });
    const with_ = readConfiguration(connector, { ...input, certificate: 'PEM' });
    expect(with_.shown).toMatchObject({ certificate: 'PEM' });
    const without = readConfiguration(connector, { mode: 'off' }, with_);
    expect(without.shown).not.toHaveProperty('certificate');
  });

  it('keeps what is left out, and a secret that comes back as it was shown', () => {
    for (const input of [{ port: 1 }, { port: 1, password: secretSet }]) {
      const read = readConfiguration(connector, input, saved);
      expect(read.shown).toMatchObject({ host: 'db.example.com', port: 1, password: secretSet });
      expect(read.secrets).toEqual({ password: 'old secret' });
    }
  });

  it('replaces a secret, and takes an emptied required one for missing', () => {
    expect(readConfiguration(connector, { password: 'new' }, saved).secrets).toEqual({ password: 'new' });
    expect(problemsOf({ password: '' }, saved)).toEqual({
      'configuration.password': 'password is required.',
    });
  });

  it('demands the secrets again once the host changes', () => {
    for (const input of [{ host: 'evil.example.com' }, { host: 'evil.example.com', password: secretSet }]) {
      expect(problemsOf(input, saved)['configuration.password']).toContain('host changed');
    }
    const read = readConfiguration(connector, { host: 'new.example.com', password: 'again' }, saved);
    expect(read.secrets).toEqual({ password: 'again' });
    expect(problemsOf({ host: ' db.example.com' }, saved)).toEqual({});
  });
});

describe('headers', () => {
  const withHeaders = (headers: unknown, over?: ReadConfiguration) =>
    readConfiguration(connector, { host: 'h', password: 'p', headers }, over);

  it('seals secret values only, and keeps them by name', () => {
    const first = withHeaders([
      { name: 'X-Team', value: 'growth', secret: false },
      { name: 'X-Api-Key', value: 'k1', secret: true },
    ]);
    expect(first.shown.headers).toEqual([
      { name: 'X-Team', value: 'growth', secret: false },
      { name: 'X-Api-Key', value: secretSet, secret: true },
    ]);
    expect(first.secrets).toEqual({ password: 'p', headers: { 'x-api-key': 'k1' } });

    const again = readConfiguration(
      connector,
      { headers: [{ name: 'x-api-key', value: secretSet, secret: true }] },
      first,
    );
    expect(again.secrets.headers).toEqual({ 'x-api-key': 'k1' });
  });

  it('never makes a secret readable, nor sends it to another host', () => {
    const first = withHeaders([{ name: 'X-Api-Key', value: 'k1', secret: true }]);
    const readable = { headers: [{ name: 'X-Api-Key', value: secretSet, secret: false }] };
    expect(problemsOf(readable, first)['configuration.headers.0.value']).toContain('write it anew');
    const moved = problemsOf({ host: 'other', password: 'p' }, first);
    expect(Object.keys(moved)).toEqual(['configuration.headers.0.value']);
  });

  it('names what is wrong with each header', () => {
    const problems = problemsOf({
      host: 'h',
      password: 'p',
      headers: [
        { name: 'Bad name', value: 'x', secret: false },
        { name: 'A', value: 'x\r\nB: y', secret: false },
        { name: 'a', value: 'x', secret: false },
        { name: 'C', value: '', secret: true },
        { name: 'constructor', value: secretSet, secret: true },
        'D: x',
      ],
    });
    expect(Object.keys(problems).sort()).toEqual([
      'configuration.headers.0.name',
      'configuration.headers.1.value',
      'configuration.headers.2.name',
      'configuration.headers.3.value',
      'configuration.headers.4.value',
      'configuration.headers.5',
    ]);
  });
});
