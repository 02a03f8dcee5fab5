import { rm } from 'node:fs/promises';
import type { CheckResult } from '@sluice/domain/connector';
import { startBastion, type TestBastion } from '@sluice/testing/ssh/bastion';
import { until } from '@sluice/testing/until';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import { spooledRows, spoolPath, sql } from '../../../sources/__tests__/spooled-rows.ts';
import type { ConnectContext } from '../../context.ts';
import type { Configuration, SourceConnection } from '../../source.ts';
import { createSshKey } from '../ssh-key.ts';
import { type HiddenSource, hiddenSources, openHiddenSource } from './tunnel-places.ts';

const key = await createSshKey('sluice test');
const otherPin = `SHA256:${'A'.repeat(43)}`;

describe.each(hiddenSources)('%s behind an SSH server', (slug) => {
  let hidden: HiddenSource;
  let bastion: TestBastion;
  let context: TestContext;
  beforeAll(async () => {
    hidden = await openHiddenSource(slug);
  });
  afterAll(() => hidden.close());
  beforeEach(async () => {
    bastion = await startBastion({ [hidden.name]: hidden.port });
    bastion.authorizedKeys.push(key.publicKey);
    // The guard lets nothing through but the SSH server.
    context = createTestContext([bastion.port], { sshKeys: async () => [key] });
  });
  afterEach(async () => {
    await context.close();
    await bastion.close();
  });

  const open = (changes: Configuration = {}, overrides: Partial<ConnectContext> = {}): SourceConnection =>
    hidden.definition.open(
      {
        ...hidden.configuration,
        ...{ tunnel: true, tunnelHost: '127.0.0.1', tunnelPort: bastion.port, tunnelUser: 'sluice' },
        ...{ tunnelHostKey: bastion.fingerprint, ...changes },
      },
      { ...context, ...overrides },
    );
  const isQuiet = () => until('no connection is left', () => bastion.open === 0);
  const check = (changes: Configuration = {}, overrides: Partial<ConnectContext> = {}) =>
    Array.fromAsync<CheckResult>(open(changes, overrides).check());
  const describing = (changes: Configuration = {}, overrides: Partial<ConnectContext> = {}) =>
    open(changes, overrides).describe(sql(hidden.numbers(3)));

  test('all rows come through, and no connection is left behind', async () => {
    const { rows, cells } = await spooledRows(open(), sql(hidden.numbers(250_000)));
    expect(rows).toBe(250_000);
    expect(new Set(cells.map(([n]) => n)).size).toBe(250_000);
    await isQuiet();
    expect(new Set(bastion.asked)).toEqual(new Set([hidden.name]));
  });

  test('tables, columns, preview and keys', async () => {
    const source = open();
    const query = sql(hidden.numbers(5));
    expect((await source.describe(query)).map(({ name }) => name)).toEqual(['n']);
    expect((await source.preview(query, { limit: 3 })).rows).toHaveLength(3);
    expect(await source.inspectKey(query, 'n')).toMatchObject({ rows: 5, nulls: 0, duplicates: 0 });
    expect(await source.introspect()).toBeInstanceOf(Array);
    await source.close();
    await isQuiet();
  });

  test('the checks say how far it got', async () => {
    const results = await check();
    expect(results.slice(0, 4).map(({ name, status }) => `${name} ${status}`)).toEqual([
      'ssh_reach passed',
      'ssh_host_key passed',
      'ssh_sign_in passed',
      'ssh_forward passed',
    ]);
    expect(results.slice(4).map(({ name }) => name)).toEqual(
      hidden.definition.checks.map(({ name }) => name),
    );
    expect(results.every(({ status }) => status === 'passed' || status === 'warning')).toBe(true);
    await isQuiet();
  });

  test.each([
    ['no key is pinned', '', 'nobody has confirmed'],
    ['another key is pinned', otherPin, 'another key than the one you confirmed'],
  ])('nobody signs in while %s', async (_what, tunnelHostKey, words) => {
    const failure = await describing({ tunnelHostKey }).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'source_host_key', retry: false });
    expect(String(failure)).toContain(bastion.fingerprint);
    const results = await check({ tunnelHostKey });
    expect(results.slice(0, 3).map(({ status }) => status)).toEqual(['passed', 'failed', 'skipped']);
    expect(results[1]?.message).toContain(words);
    expect(results.slice(2).every(({ status }) => status === 'skipped')).toBe(true);
    expect(bastion.signIns).toBe(0);
    expect(bastion.asked).toEqual([]);
    await isQuiet();
  });

  test('a server that does not know the key: the line to add', async () => {
    bastion.authorizedKeys.length = 0;
    await expect(describing()).rejects.toMatchObject({ code: 'source_auth' });
    const refused = (await check()).find(({ status }) => status === 'failed');
    expect(refused).toMatchObject({
      name: 'ssh_sign_in',
      fix: expect.stringContaining(`\n${key.publicKey}`),
    });
    await isQuiet();
  });

  test('the previous key works, and the newest is asked for', async () => {
    const newest = await createSshKey('sluice test');
    const rotated = { sshKeys: async () => [newest, key] };
    expect(await describing({}, rotated)).toHaveLength(1);
    const signIn = (await check({}, rotated)).find(({ name }) => name === 'ssh_sign_in');
    expect(signIn).toMatchObject({ status: 'warning', fix: expect.stringContaining(newest.publicKey) });
    await isQuiet();
  });

  test('a server that may not forward', async () => {
    bastion.forwards = false;
    await expect(describing()).rejects.toMatchObject({ code: 'source_tunnel', retry: false });
    const failed = (await check()).find(({ status }) => status === 'failed');
    expect(failed).toMatchObject({ name: 'ssh_forward', fix: expect.stringContaining('AllowTcpForwarding') });
    await isQuiet();
  });

  test('a database that the server does not reach, or that says nothing to it', async () => {
    delete bastion.known[hidden.name];
    await expect(describing()).rejects.toMatchObject({ code: 'source_unreachable' });
    bastion.silent = true;
    const impatient = { timeouts: { connectMs: 300, requestMs: 5_000 } };
    await expect(describing({}, impatient)).rejects.toMatchObject({ code: 'source_unreachable' });
    await isQuiet();
  });

  test('the guard decides about the SSH server', async () => {
    await expect(describing({ tunnelHost: '127.0.0.2' })).rejects.toMatchObject({ code: 'egress_refused' });
    await expect(describing({ tunnelPort: 1 })).rejects.toMatchObject({ code: 'egress_refused' });
    expect((await check({ tunnelHost: '127.0.0.2' }))[0]).toMatchObject({ status: 'failed' });
  });

  test('a tunnel that breaks is never the end of a result', async () => {
    const path = spoolPath();
    const source = open();
    // More than the buffers on the way can hold.
    const wide = `SELECT n, repeat('x', 500) AS w FROM (${hidden.numbers(60_000)}) AS many`;
    const reading = source.spool(sql(wide), path, (rows) => {
      if (rows > 0) bastion.breakAll();
    });
    await expect(reading).rejects.toMatchObject({ code: 'source_ended_early', retry: true });
    await rm(path, { force: true });
    await isQuiet();
    expect((await source.preview(sql(hidden.numbers(2)), { limit: 5 })).rows).toHaveLength(2);
    await isQuiet();
  });

  test('who leaves stops the query at the server', async () => {
    const abort = new AbortController();
    const reading = spooledRows(open({}, { signal: abort.signal }), sql(hidden.slow));
    const outcome = expect(reading).rejects.toThrow('left');
    await until('the server is busy', hidden.isBusy);
    const startedAt = performance.now();
    abort.abort(new Error('left'));
    await outcome;
    await until('the server is at rest', async () => !(await hidden.isBusy()));
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await isQuiet();
  });

  test('who leaves while it is being opened leaves nothing behind', async () => {
    const abort = new AbortController();
    bastion.silent = true;
    const patient = { connectMs: 60_000, requestMs: 60_000 };
    const outcome = expect(describing({}, { signal: abort.signal, timeouts: patient })).rejects.toThrow(
      'left',
    );
    await until('the server was asked to forward', () => bastion.asked.length > 0);
    abort.abort(new Error('left'));
    await outcome;
    await isQuiet();
  });
});
