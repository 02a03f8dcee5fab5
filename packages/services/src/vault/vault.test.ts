import { randomBytes } from 'node:crypto';
import { SluiceError } from '@sluice/domain/error';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestMember } from '../testing/create-test-member.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { createVault } from './create-vault.ts';
import { parseKeyRing } from './key-ring.ts';
import { rotateKeys } from './rotate-keys.ts';
import type { SecretRef } from './vault.ts';

let ctx: TestContext;
let workspaceId: number;
beforeAll(async () => {
  ctx = await openTestContext();
  workspaceId = (await createTestMember(ctx, 'vault')).actor.workspaceId;
});
afterAll(() => ctx.close());

const key = () => randomBytes(32).toString('base64');
const place = (over: Partial<SecretRef> = {}): SecretRef => ({
  workspaceId,
  table: 'sources',
  recordId: 1,
  field: 'secrets',
  ...over,
});

describe('the vault', () => {
  test('opens what it sealed, and never seals twice alike', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => ctx.vault.seal(place(), 'päss"word')));
    expect(one).not.toBe(two);
    expect(one).toMatch(/^v1\.w\d+\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
    expect(await ctx.vault.open(place(), one ?? '')).toBe('päss"word');
  });

  test.each([
    ['record', { recordId: 2 }],
    ['table', { table: 'destinations' as const }],
    ['field', { field: 'other' }],
  ])('refuses a text moved to another %s', async (_, over) => {
    const sealed = await ctx.vault.seal(place(), 'secret');
    await expect(ctx.vault.open(place(over), sealed)).rejects.toThrow('changed or moved');
  });

  test('refuses a text of another workspace, a changed one, and nonsense', async () => {
    const other = (await createTestMember(ctx, 'vault-two')).actor.workspaceId;
    const sealed = await ctx.vault.seal(place(), 'secret');
    await expect(ctx.vault.open(place({ workspaceId: other }), sealed)).rejects.toThrow(SluiceError);
    const parts = sealed.split('.');
    parts[3] = `${parts[3]?.startsWith('A') ? 'B' : 'A'}${parts[3]?.slice(1)}`;
    await expect(ctx.vault.open(place(), parts.join('.'))).rejects.toThrow('changed or moved');
    await expect(ctx.vault.open(place(), 'v1.x')).rejects.toThrow('damaged');
  });

  test('two processes that seal the first secret at once share one data key', async () => {
    const fresh = (await createTestMember(ctx, 'vault-race')).actor.workspaceId;
    const ring = parseKeyRing(ctx.environment.ENCRYPTION_KEYS);
    const vaults = [1, 2, 3].map(() => createVault(ctx.db, ring));
    const ref = place({ workspaceId: fresh });
    const sealed = await Promise.all(vaults.map((vault) => vault.seal(ref, 'secret')));
    for (const vault of vaults) for (const text of sealed) expect(await vault.open(ref, text)).toBe('secret');
  });
});

test('rotation re-wraps every data key, can be repeated, and frees the old key', async () => {
  const old = `k1:${key()}`;
  const rotated = `k2:${key()}`;
  const own = await openTestContext({ ENCRYPTION_KEYS: old });
  const members = await Promise.all(['a', 'b', 'c'].map((slug) => createTestMember(own, slug)));
  const refs = members.map(({ actor }) => place({ workspaceId: actor.workspaceId }));
  const sealed = await Promise.all(refs.map((ref) => own.vault.seal(ref, 'secret')));

  const both = parseKeyRing(`${rotated},${old}`);
  expect(await rotateKeys(own.db, both)).toEqual({ rotated: 3, total: 3 });
  expect(await rotateKeys(own.db, both)).toEqual({ rotated: 0, total: 3 });
  const onlyNew = createVault(own.db, parseKeyRing(rotated));
  for (const [index, ref] of refs.entries())
    expect(await onlyNew.open(ref, sealed[index] ?? '')).toBe('secret');
  const [first] = refs;
  const onlyOld = createVault(own.db, parseKeyRing(old));
  await expect(onlyOld.open(first ?? place(), sealed[0] ?? '')).rejects.toThrow('lacks the key "k2"');
  await own.close();
});

describe('ENCRYPTION_KEYS', () => {
  const good = key();
  test.each([
    ['nothing', undefined, 'is not set'],
    ['an empty text', '', 'is not set'],
    ['a key without an id', good, 'kid:base64key'],
    ['a short key', `k1:${randomBytes(16).toString('base64')}`, 'not 32 bytes'],
    ['one id twice', `k1:${good},k1:${key()}`, 'twice'],
    ['one key twice', `k1:${good},k2:${good}`, 'under two ids'],
    ['a key of zeros', `k1:${Buffer.alloc(32).toString('base64')}`, 'sample or not random'],
    [
      'typed text',
      `k1:${Buffer.from('correct horse battery staple, ok').toString('base64')}`,
      'sample or not',
    ],
    ['an empty entry', `k1:${good},`, 'empty entry'],
  ])('refuses %s', (_, text, problem) => {
    const message = messageOf(() => parseKeyRing(text));
    expect(message).toContain('ENCRYPTION_KEYS');
    expect(message).toContain(problem);
    if (text) expect(message).not.toContain(text.slice(3, 20));
  });

  test('refuses the secret of the sessions', () => {
    expect(messageOf(() => parseKeyRing(`k1:${good}`, [good]))).toContain('also used');
  });

  test('takes the first key as the active one', () => {
    expect(parseKeyRing(`k2:${key()}, k1:${good}`)).toMatchObject({ activeId: 'k2' });
  });
});

describe('live secrets', () => {
  test('are masked in logs in every form they travel in', () => {
    const secret = 'p@ss w"rd/ü+1';
    ctx.secrets.register([secret, 'abc']);
    const forms = [
      secret,
      encodeURIComponent(secret),
      encodeURIComponent(secret).replaceAll('%20', '+'),
      Buffer.from(secret).toString('base64'),
      JSON.stringify({ secret }),
    ];
    const from = ctx.logged.length;
    ctx.log.info(
      { deep: { list: forms }, err: new Error(`auth failed: ${secret}`) },
      `url https://u:${forms[1]}@h`,
    );
    const written = ctx.logged.slice(from).join('');
    for (const form of forms) expect(written).not.toContain(form);
    expect(written).not.toContain(JSON.stringify(secret).slice(1, -1));
    expect(JSON.parse(written).deep.list).toHaveLength(forms.length);
    expect(ctx.secrets.redact('abc is too short to hide')).toContain('abc');
    expect(ctx.secrets.redactDeep({ [secret]: [secret, 1, null] })).toEqual({
      '••••••••': ['••••••••', 1, null],
    });
  });

  test('are masked without the scheme of their header', () => {
    const basic = Buffer.from('user:open-sesame').toString('base64');
    ctx.secrets.register(['Bearer abcdefghijkl', `Basic ${basic}`]);
    expect(ctx.secrets.redact('token abcdefghijkl')).toBe('token ••••••••');
    expect(ctx.secrets.redact(`with ${basic} or open-sesame`)).toBe('with •••••••• or ••••••••');
  });

  test('hide Sluice’s own settings too', () => {
    const ownKey = ctx.environment.ENCRYPTION_KEYS?.split(':')[1] ?? '';
    expect(ctx.secrets.redact(`key ${ownKey}`)).toBe('key ••••••••');
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SluiceError) return error.message;
  }
  throw new Error('expected a SluiceError');
}
