import { describe, expect, test } from 'vitest';
import { createResolve, type Lookup } from '../egress-policy.ts';

const names: Record<string, string[]> = {
  'public.example': ['93.184.216.34'],
  'private.example': ['10.0.0.5'],
  'mixed.example': ['93.184.216.34', '10.0.0.5'],
  'both.example': ['2606:4700::1', '93.184.216.34'],
  'mapped.example': ['::ffff:10.0.0.5'],
  'own-database.example': ['203.0.112.77'],
  'xn--bcher-kva.example': ['93.184.216.35'],
  localhost: ['::1', '127.0.0.1'],
};
const lookup: Lookup = async (host) =>
  (names[host] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

const resolver = (allow: string[] = [], deny: string[] = []) => createResolve({ allow, deny, lookup });
const refusal = { code: 'egress_refused' };

describe('the egress policy', () => {
  test('answers the address to dial, IPv4 first', async () => {
    await expect(resolver()('both.example', 443)).resolves.toEqual({ address: '93.184.216.34', family: 4 });
    await expect(resolver()('BÜCHER.example.', 443)).resolves.toEqual({
      address: '93.184.216.35',
      family: 4,
    });
    await expect(resolver()('[2606:4700:0::1]', 443)).resolves.toEqual({
      address: '2606:4700::1',
      family: 6,
    });
  });

  test('refuses a name when any of its addresses is private', async () => {
    await expect(resolver()('private.example', 443)).rejects.toMatchObject(refusal);
    await expect(resolver()('mixed.example', 443)).rejects.toMatchObject(refusal);
    await expect(resolver()('mapped.example', 443)).rejects.toMatchObject(refusal);
  });

  test('allows exactly the host and port that the operator named', async () => {
    const resolve = resolver(['private.example:5432', '[::1]:8080']);
    await expect(resolve('private.example', 5432)).resolves.toEqual({ address: '10.0.0.5', family: 4 });
    await expect(resolve('::1', 8080)).resolves.toEqual({ address: '::1', family: 6 });
    await expect(resolve('private.example', 5433)).rejects.toMatchObject(refusal);
    await expect(resolve('10.0.0.5', 5432)).rejects.toMatchObject(refusal);
    await expect(resolve('mixed.example', 5432)).rejects.toMatchObject(refusal);
  });

  test('an allowed address is allowed under any name that means it, and only it', async () => {
    await expect(resolver(['10.0.0.5:5432'])('private.example', 5432)).resolves.toMatchObject({
      address: '10.0.0.5',
    });
    // The other address of localhost is not allowed, so the name is not.
    await expect(resolver(['127.0.0.1:5432'])('localhost', 5432)).rejects.toMatchObject(refusal);
    await expect(resolver(['127.0.0.1:5432', '[::1]:5432'])('localhost', 5432)).resolves.toMatchObject({
      address: '127.0.0.1',
    });
  });

  test('a denied target stays denied, however it is spelled and whatever is allowed', async () => {
    const resolve = resolver(
      ['127.0.0.1:5432', 'localhost:5432', '[::1]:5432', '127.0.0.2:5432', '0.0.0.0:5432'],
      ['127.0.0.1:5432', 'own-database.example:5432'],
    );
    for (const host of ['127.0.0.1', 'localhost', '::1', '127.0.0.2', '0.0.0.0', '203.0.112.77']) {
      await expect(resolve(host, 5432), host).rejects.toMatchObject(refusal);
    }
    await expect(resolve('own-database.example', 5432)).rejects.toMatchObject(refusal);
    await expect(resolve('203.0.112.77', 5433)).resolves.toMatchObject({ address: '203.0.112.77' });
  });

  test.each([
    '',
    ' ',
    '/var/run/postgresql',
    'a,b',
    'a?host=/tmp',
    'a b',
    'a@b',
    'a:5432',
    'http://a',
    'fe80::1%eth0',
    '-a',
    'a\u0000b',
  ])('%j is not a host', async (host) => {
    await expect(resolver()(host, 443)).rejects.toMatchObject(refusal);
  });

  test.each([0, -1, 65_536, 1.5, Number.NaN])('%s is not a port', async (port) => {
    await expect(resolver()('public.example', port)).rejects.toMatchObject(refusal);
  });

  test('a name without an address is a failure to look it up, not a refusal', async () => {
    await expect(resolver()('missing.example', 443)).rejects.toMatchObject({
      name: 'EgressFailure',
      stage: 'dns',
    });
  });

  test('an unreadable entry of the operator is named at once', () => {
    expect(() => resolver(['10.0.0.0/8'])).toThrow('"10.0.0.0/8" is not host:port');
    expect(() => resolver([], ['db.example'])).toThrow('"db.example" is not host:port');
  });
});
