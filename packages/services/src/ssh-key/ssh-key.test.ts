import type { Actor } from '@sluice/domain/actor';
import { startBastion, type TestBastion } from '@sluice/testing/ssh/bastion';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listAudit } from '../audit/list-audit.ts';
import { checkSource } from '../source/check-source.ts';
import { createSource } from '../source/create-source.ts';
import { readSchema } from '../source/read-schema.ts';
import { updateSource } from '../source/update-source.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { dumpTables } from '../testing/dump-tables.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { startTargetPostgres, type TargetPostgres } from '../testing/start-target-postgres.ts';
import { getSshKey } from './get-ssh-key.ts';
import { openSshKeys } from './load-ssh-key.ts';
import { rotateSshKey } from './rotate-ssh-key.ts';

let ctx: TestContext;
let target: TargetPostgres;
let bastion: TestBastion;
let admin: Actor;
let lastWorkspace = 0;

beforeAll(async () => {
  target = await startTargetPostgres();
  await target.run('create table public.people (id int primary key, email text)');
  const { port } = target.configuration as { port: number };
  bastion = await startBastion({ 'db.internal:5432': port });
  ctx = await openTestContext({ EGRESS_ALLOW: `127.0.0.1:${bastion.port}` });
});
beforeEach(async () => {
  lastWorkspace += 1;
  ({ actor: admin } = await createTestMember(ctx, `keys-${lastWorkspace}`, 'admin'));
  bastion.authorizedKeys.length = 0;
});
afterAll(async () => {
  await ctx.close();
  await bastion.close();
  await target.stop();
});

const options = () => ({ signal: AbortSignal.timeout(20_000) });

describe('the key of a workspace', () => {
  test('is made once, also when several need it first', async () => {
    const keys = await Promise.all([1, 2, 3].map(() => getSshKey(ctx, admin)));
    expect(new Set(keys.map(({ publicKey }) => publicKey)).size).toBe(1);
    expect(keys[0]).toMatchObject({
      publicKey: expect.stringMatching(/^ssh-ed25519 AAAA\S+ sluice-keys-\d+$/),
      fingerprint: expect.stringMatching(/^SHA256:[\w+/]{43}$/),
      previousPublicKey: null,
    });
    const { actor: other } = await createTestMember(ctx, `keys-other-${lastWorkspace}`, 'admin');
    expect((await getSshKey(ctx, other)).publicKey).not.toBe(keys[0]?.publicKey);
  });

  test('has a private half that lies nowhere in the clear, and opens nowhere else', async () => {
    const [key] = await openSshKeys(ctx, admin.workspaceId);
    const line = key?.privateKey.split('\n')[2] ?? '';
    expect(line).toMatch(/^\S{40,}$/);
    const tables = [...(await dumpTables(ctx)).values()].flat();
    expect(tables.filter((row) => row.includes(line))).toEqual([]);
    expect(ctx.secrets.redact(`the key is ${key?.privateKey}`)).not.toContain(line);
    const rotated = await rotateSshKey(ctx, admin);
    await ctx.db.sshKey.update({
      where: { workspaceId: admin.workspaceId },
      data: { publicKey: `${rotated.publicKey.replace('AAAA', 'AAAB')}` },
    });
    await expect(openSshKeys(ctx, admin.workspaceId)).rejects.toThrow('changed or moved');
  });

  test('is rotated by admins alone, keeps the one before, and is audited', async () => {
    const { actor: editor } = await createTestMember(ctx, `keys-${lastWorkspace}`, 'editor');
    const { actor: viewer } = await createTestMember(ctx, `keys-${lastWorkspace}`, 'viewer');
    const first = await getSshKey(ctx, viewer);
    await expect(rotateSshKey(ctx, editor)).rejects.toMatchObject({ code: 'forbidden' });
    const second = await rotateSshKey(ctx, admin);
    expect(second.previousPublicKey).toBe(first.publicKey);
    expect(second.publicKey).not.toBe(first.publicKey);
    const opened = await openSshKeys(ctx, admin.workspaceId);
    expect(opened.map(({ publicKey }) => publicKey)).toEqual([second.publicKey, first.publicKey]);
    const { items } = await listAudit(ctx, admin, { limit: 10 });
    expect(items[0]).toMatchObject({
      action: 'ssh_key.rotate',
      changes: { fingerprint: [first.fingerprint, second.fingerprint] },
    });
  });

  test('two rotations at once are one', async () => {
    await getSshKey(ctx, admin);
    const outcomes = await Promise.allSettled([rotateSshKey(ctx, admin), rotateSshKey(ctx, admin)]);
    const done = outcomes.filter(({ status }) => status === 'fulfilled').length;
    const keys = await openSshKeys(ctx, admin.workspaceId);
    expect(keys).toHaveLength(2);
    expect(done).toBeGreaterThan(0);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict' });
  });
});

describe('a source behind an SSH server', () => {
  const configuration = () => ({
    ...target.configuration,
    ...{ host: 'db.internal', port: 5432, tunnel: true },
    ...{ tunnelHost: '127.0.0.1', tunnelPort: bastion.port, tunnelUser: 'sluice' },
  });
  const failed = (checks: { name: string; status: string }[]) =>
    checks.find(({ status }) => status === 'failed')?.name ?? null;

  test('is connected step by step, and read through rotations', async () => {
    const draft = (more = {}) =>
      checkSource(
        ctx,
        admin,
        { type: 'postgresql', configuration: { ...configuration(), ...more } },
        options(),
      );
    expect(failed(await draft())).toBe('ssh_host_key');
    const pinned = { tunnelHostKey: bastion.fingerprint };
    expect(failed(await draft(pinned))).toBe('ssh_sign_in');
    bastion.authorizedKeys.push((await getSshKey(ctx, admin)).publicKey);
    expect(failed(await draft(pinned))).toBeNull();

    const source = await createSource(ctx, admin, {
      name: 'Behind a bastion',
      type: 'postgresql',
      configuration: { ...configuration(), ...pinned },
    });
    const names = async () =>
      (await readSchema(ctx, admin, { id: source.id, refresh: true }, options())).tables.map(
        ({ name }) => name,
      );
    expect(await names()).toContain('people');

    const second = await rotateSshKey(ctx, admin);
    expect(await names()).toContain('people');
    const checks = await checkSource(
      ctx,
      admin,
      { id: source.id, type: 'postgresql', configuration: source.configuration },
      options(),
    );
    expect(checks.find(({ name }) => name === 'ssh_sign_in')).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining(second.publicKey),
    });
    await rotateSshKey(ctx, admin);
    await expect(names()).rejects.toMatchObject({ code: 'source_auth' });
  });

  test('asks for its password again when the way changes', async () => {
    bastion.authorizedKeys.push((await getSshKey(ctx, admin)).publicKey);
    const source = await createSource(ctx, admin, {
      name: 'Behind a bastion',
      type: 'postgresql',
      configuration: { ...configuration(), tunnelHostKey: bastion.fingerprint },
    });
    const change = (more: Record<string, unknown>) =>
      updateSource(ctx, admin, { id: source.id, configuration: { ...source.configuration, ...more } });
    const others = [
      { tunnel: false },
      { tunnelHost: 'elsewhere.example.com' },
      { tunnelPort: 2222 },
      { tunnelHostKey: `SHA256:${'A'.repeat(43)}` },
    ];
    for (const more of others)
      await expect(change(more)).rejects.toMatchObject({
        fields: { 'configuration.password': expect.stringContaining('write this secret again') },
      });
    await change({ tunnelUser: 'tunnel' });
  });
});
