import { createTestMember, type TestMember } from '@sluice/services/testing/create-test-member';
import { failureOf } from '@sluice/services/testing/failure-of';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import { createToken } from '@sluice/services/token/create-token';
import { listTokens } from '@sluice/services/token/list-tokens';
import { revokeToken } from '@sluice/services/token/revoke-token';
import { rotateToken } from '@sluice/services/token/rotate-token';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedRest, serveRest } from '../testing/serve-rest.ts';

let ctx: TestContext;
let admin: TestMember;
let rest: ServedRest;

beforeAll(async () => {
  ctx = await openTestContext();
  admin = await createTestMember(ctx, 'rotation');
  rest = await serveRest(ctx);
});
afterAll(() => Promise.all([rest.close(), ctx.close()]));

const statusOf = async (secret: string) =>
  (await rest.send('GET', '/api/v1/syncs', { headers: { authorization: `Bearer ${secret}` } })).status;
const newToken = () =>
  createToken(ctx, admin.actor, { name: 'Airflow', scope: 'read', expiresInDays: 90, syncIds: null });
const rotate = (id: number, overlapHours: number) =>
  rotateToken(ctx, admin.actor, { id, overlapHours, expiresInDays: 30 });

test('both secrets work during the overlap, the old one ends with it', async () => {
  const { token, secret } = await newToken();
  const rotated = await rotate(token.id, 24);
  expect(rotated.token).toMatchObject({
    id: token.id,
    name: 'Airflow',
    scope: 'read',
    lastFour: rotated.secret.slice(-4),
    previous: { lastFour: secret.slice(-4) },
  });
  expect(rotated.secret).toMatch(/^slc_[\w-]{43}$/);
  const left = (rotated.token.previous?.expiresAt.getTime() ?? 0) - Date.now();
  expect(left / 3_600_000).toBeCloseTo(24, 1);
  expect([await statusOf(secret), await statusOf(rotated.secret)]).toEqual([200, 200]);

  await ctx.db.apiToken.update({
    where: { id: token.id },
    data: { previousExpiresAt: new Date(Date.now() - 1) },
  });
  expect([await statusOf(secret), await statusOf(rotated.secret)]).toEqual([401, 200]);
  const [listed] = await listTokens(ctx, admin.actor);
  expect(listed).toMatchObject({ id: token.id, previous: null });
  const stored = JSON.stringify(await ctx.db.apiToken.findMany());
  expect(stored).not.toContain(secret);
  expect(stored).not.toContain(rotated.secret);
});

test('without an overlap the old secret ends at once; a second rotation ends the first one', async () => {
  const { token, secret } = await newToken();
  const second = await rotate(token.id, 0);
  expect(second.token.previous).toBeNull();
  expect([await statusOf(secret), await statusOf(second.secret)]).toEqual([401, 200]);
  const third = await rotate(token.id, 1);
  const fourth = await rotate(token.id, 1);
  const answers = await Promise.all([second, third, fourth].map((one) => statusOf(one.secret)));
  expect(answers).toEqual([401, 200, 200]);
});

test('the overlap does not lengthen the life of the old secret, and an expired token comes back', async () => {
  const { token, secret } = await newToken();
  const soon = new Date(Date.now() + 60_000);
  await ctx.db.apiToken.update({ where: { id: token.id }, data: { expiresAt: soon } });
  expect((await rotate(token.id, 24)).token.previous?.expiresAt).toEqual(soon);
  await ctx.db.apiToken.update({
    where: { id: token.id },
    data: { expiresAt: new Date(0), previousExpiresAt: new Date(0) },
  });
  const renewed = await rotate(token.id, 24);
  expect(renewed.token.previous).toBeNull();
  expect([await statusOf(secret), await statusOf(renewed.secret)]).toEqual([401, 200]);
});

test('revoking ends both secrets within 2 seconds, and there is nothing left to rotate', async () => {
  const { token, secret } = await newToken();
  const rotated = await rotate(token.id, 24);
  const both = async () => [await statusOf(secret), await statusOf(rotated.secret)];
  expect(await both()).toEqual([200, 200]);
  await revokeToken(ctx, admin.actor, { id: token.id });
  await until('both to be refused', async () => (await both()).every((status) => status === 401), 2_000);
  expect((await failureOf(rotate(token.id, 24))).code).toBe('not_found');
});

test('only a signed-in person rotates, and the audit log says that they did', async () => {
  const { token } = await newToken();
  const script = {
    ...admin.actor,
    identity: { kind: 'token', tokenId: token.id, name: 'Airflow', syncIds: null },
  } as const;
  const input = { id: token.id, overlapHours: 24, expiresInDays: 90 };
  expect((await failureOf(rotateToken(ctx, script, input))).code).toBe('forbidden');
  await rotateToken(ctx, admin.actor, input);
  const entry = await ctx.db.auditEntry.findFirst({ where: { action: 'token.rotate', subjectId: token.id } });
  expect(entry).toMatchObject({ actor: admin.person.name, subjectName: 'Airflow' });
});
