import { SluiceError } from '@sluice/domain/error';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAudit } from '../audit/list-audit.ts';
import { acceptInvitation } from '../invitation/accept-invitation.ts';
import { createInvitation } from '../invitation/create-invitation.ts';
import { getInvitation } from '../invitation/get-invitation.ts';
import { listInvitations } from '../invitation/list-invitations.ts';
import { revokeInvitation } from '../invitation/revoke-invitation.ts';
import { removeMember } from '../member/remove-member.ts';
import { updateMember } from '../member/update-member.ts';
import { resolveActor } from '../session/resolve-actor.ts';
import { resolveSession } from '../session/resolve-session.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { createToken } from '../token/create-token.ts';
import { listTokens } from '../token/list-tokens.ts';
import { resolveToken } from '../token/resolve-token.ts';
import { revokeToken } from '../token/revoke-token.ts';
import { createWorkspace } from '../workspace/create-workspace.ts';
import { changePassword } from './change-password.ts';
import { endOtherSessions } from './end-other-sessions.ts';
import { ensureInitial } from './ensure-initial.ts';
import { getAccount } from './get-account.ts';
import { signUp } from './sign-up.ts';
import { verifyCredentials } from './verify-credentials.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await openTestContext();
});
afterAll(() => ctx.close());

const address = '192.0.2.1';
const password = 'unlikely plum orbit 9';
let people = 0;

async function newPerson(organisationName = 'Acme') {
  const email = `person${++people}@example.com`;
  await signUp(ctx, { name: 'Ana', email, password, organisationName }, { address: email });
  const signedIn = await verifyCredentials(ctx, { email, password, address: email });
  return { ...(await resolveSession(ctx, signedIn, 'request')), session: signedIn };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof SluiceError) return thrown.code;
  throw new Error(`expected a SluiceError, got ${String(thrown)}`);
}

describe('sign-up', () => {
  test('creates an organisation that the person owns, and a workspace they administer', async () => {
    const person = await newPerson('Blue Door GmbH');
    const account = await getAccount(ctx, person);
    expect(account.workspaces).toMatchObject([
      {
        name: 'Blue Door GmbH',
        slug: 'blue-door-gmbh',
        role: 'admin',
        organisation: { name: 'Blue Door GmbH' },
      },
    ]);
    const again = await getAccount(ctx, await newPerson('Blue Door GmbH'));
    expect(again.workspaces[0]?.slug).toBe('blue-door-gmbh-2');
  });

  test('refuses a second account of one address, and names an organisation missing', async () => {
    const person = await newPerson();
    const input = { name: 'Bo', email: person.email, password, organisationName: 'X' };
    expect(await codeOf(signUp(ctx, input, { address }))).toBe('email_taken');
    expect(await codeOf(signUp(ctx, { ...input, organisationName: undefined }, { address }))).toBe(
      'input_invalid',
    );
  });

  test('never names a workspace like an address of the console', async () => {
    const account = await getAccount(ctx, await newPerson('API'));
    expect(account.workspaces[0]?.slug).toBe('api-2');
  });

  test.each([
    'password',
    'Passw0rd!',
    'P@ssw0rd123',
    'qwertyuiop',
    '12345678',
    'aaaaaaaaaa',
    'person-x1',
    'Sommer2026!',
    'abcdefgh1',
    'short',
  ])('refuses the password %s', async (weak) => {
    const input = { name: 'Bo', email: 'person-x@example.com', password: weak, organisationName: 'X' };
    expect(await codeOf(signUp(ctx, input, { address: weak }))).toBe('password_weak');
  });
});

describe('sign-in', () => {
  test('says the same for an unknown address and a wrong password', async () => {
    const { email } = await newPerson();
    const wrong = { password: 'something else 1', address: '192.0.2.9' };
    const messages = await Promise.all(
      [email, 'nobody@example.com'].map((it) =>
        verifyCredentials(ctx, { email: it, ...wrong }).catch((error: Error) => error.message),
      ),
    );
    expect(new Set(messages).size).toBe(1);
  });

  test('stops guessing after ten tries, but lets the right person in from elsewhere', async () => {
    const { email } = await newPerson();
    const guess = () =>
      codeOf(verifyCredentials(ctx, { email, password: 'wrong guess', address: '192.0.2.66' }));
    for (let tries = 0; tries < 10; tries++) expect(await guess()).toBe('credentials_wrong');
    expect(await guess()).toBe('rate_limited');
    expect(await codeOf(verifyCredentials(ctx, { email, password, address: '192.0.2.66' }))).toBe(
      'rate_limited',
    );
    await expect(verifyCredentials(ctx, { email, password, address: '192.0.2.67' })).resolves.toBeTruthy();
  });

  test('a password change ends the other sessions', async () => {
    const person = await newPerson();
    expect(await codeOf(changePassword(ctx, person, { current: 'not it', next: 'another plum 77' }))).toBe(
      'input_invalid',
    );
    const { sessionVersion } = await changePassword(ctx, person, {
      current: password,
      next: 'another plum 77',
    });
    expect(await codeOf(resolveSession(ctx, person.session, 'request'))).toBe('unauthenticated');
    await expect(
      resolveSession(ctx, { userId: person.userId, sessionVersion }, 'request'),
    ).resolves.toBeTruthy();
    expect(await codeOf(verifyCredentials(ctx, { email: person.email, password, address }))).toBe(
      'credentials_wrong',
    );
  });

  test('other sessions can be ended by hand', async () => {
    const person = await newPerson();
    const { sessionVersion } = await endOtherSessions(ctx, person);
    expect(sessionVersion).toBe(person.session.sessionVersion + 1);
  });
});

describe('invitations', () => {
  test('a link makes a member once, and only for the address it names', async () => {
    const admin = await createTestMember(ctx, 'invites');
    const guest = await newPerson('Guests');
    const { url, invitation } = await createInvitation(ctx, admin.actor, {
      role: 'editor',
      email: guest.email,
    });
    const token = url.split('/invite/')[1] ?? '';
    expect(url.startsWith('http://localhost:3000/invite/')).toBe(true);
    expect(await getInvitation(ctx, { token })).toMatchObject({ workspaceName: 'invites', role: 'editor' });
    expect(await codeOf(acceptInvitation(ctx, await newPerson(), { token }))).toBe('invitation_invalid');
    expect(await acceptInvitation(ctx, guest, { token })).toEqual({ workspaceSlug: 'invites' });
    expect(await codeOf(getInvitation(ctx, { token }))).toBe('invitation_invalid');
    expect(await codeOf(revokeInvitation(ctx, admin.actor, { id: invitation.id }))).toBe('not_found');
    expect((await resolveActor(ctx, guest, 'invites')).permissions.has('sync.write')).toBe(true);
  });

  test('of two who accept at the same time one succeeds', async () => {
    const admin = await createTestMember(ctx, 'race');
    const { url } = await createInvitation(ctx, admin.actor, { role: 'viewer' });
    const token = url.split('/invite/')[1] ?? '';
    const guests = await Promise.all([newPerson(), newPerson()]);
    const results = await Promise.allSettled(guests.map((guest) => acceptInvitation(ctx, guest, { token })));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('a new person signs up by invitation; a revoked or expired link is worth nothing', async () => {
    const admin = await createTestMember(ctx, 'by-link');
    const links = await Promise.all(
      [1, 2, 3].map(() => createInvitation(ctx, admin.actor, { role: 'viewer' })),
    );
    const [used, revoked, expired] = links.map(({ url }) => url.split('/invite/')[1] ?? '');
    const input = { name: 'Cy', password };
    await signUp(ctx, { ...input, email: 'cy@example.com', invitation: used }, { address });
    await revokeInvitation(ctx, admin.actor, { id: links[1]?.invitation.id ?? 0 });
    await ctx.db.invitation.update({
      where: { id: links[2]?.invitation.id ?? 0 },
      data: { expiresAt: new Date() },
    });
    for (const invitation of [used, revoked, expired, 'nonsense']) {
      const attempt = signUp(ctx, { ...input, email: 'di@example.com', invitation }, { address });
      expect(await codeOf(attempt)).toBe('invitation_invalid');
    }
    expect(await ctx.db.user.count({ where: { email: 'di@example.com' } })).toBe(0);
    expect(await listInvitations(ctx, admin.actor)).toEqual([]);
  });

  test('an invitation does not raise the role of a member, and stays open', async () => {
    const admin = await createTestMember(ctx, 'raise');
    const viewer = await createTestMember(ctx, 'raise', 'viewer');
    const { url } = await createInvitation(ctx, admin.actor, { role: 'admin' });
    await acceptInvitation(ctx, viewer.person, { token: url.split('/invite/')[1] ?? '' });
    expect((await resolveActor(ctx, viewer.person, 'raise')).permissions.has('member.manage')).toBe(false);
    expect(await listInvitations(ctx, admin.actor)).toHaveLength(1);
  });
});

describe('members', () => {
  test('the last admin stays', async () => {
    const admin = await createTestMember(ctx, 'last');
    const { userId } = admin.person;
    expect(await codeOf(updateMember(ctx, admin.actor, { userId, role: 'viewer' }))).toBe('last_admin');
    expect(await codeOf(removeMember(ctx, admin.actor, { userId }))).toBe('last_admin');
  });

  test('two admins who demote each other at once leave one', async () => {
    const one = await createTestMember(ctx, 'duel');
    const two = await createTestMember(ctx, 'duel');
    const results = await Promise.allSettled([
      updateMember(ctx, one.actor, { userId: two.person.userId, role: 'viewer' }),
      updateMember(ctx, two.actor, { userId: one.person.userId, role: 'viewer' }),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('removing a member ends their sessions and their tokens', async () => {
    const admin = await createTestMember(ctx, 'leave');
    const leaver = await createTestMember(ctx, 'leave');
    const input = { name: 'ci', scope: 'trigger', expiresInDays: 90, syncIds: null } as const;
    const { secret } = await createToken(ctx, leaver.actor, input);
    await expect(resolveToken(ctx, secret, 'request')).resolves.toBeTruthy();
    await removeMember(ctx, admin.actor, { userId: leaver.person.userId });
    expect(await codeOf(resolveToken(ctx, secret, 'request'))).toBe('unauthenticated');
    expect(await codeOf(resolveSession(ctx, leaver.session, 'request'))).toBe('unauthenticated');
    expect(await codeOf(resolveActor(ctx, leaver.person, 'leave'))).toBe('not_found');
  });

  test('somebody of another workspace is not found', async () => {
    const admin = await createTestMember(ctx, 'here');
    const stranger = await createTestMember(ctx, 'there', 'viewer');
    const { userId } = stranger.person;
    expect(await codeOf(removeMember(ctx, admin.actor, { userId }))).toBe('not_found');
    expect(await codeOf(updateMember(ctx, admin.actor, { userId, role: 'admin' }))).toBe('not_found');
  });
});

describe('tokens', () => {
  test('are shown once, stored hashed, scoped, and end when revoked or expired', async () => {
    const { actor } = await createTestMember(ctx, 'tokens');
    const input = { name: 'ci', scope: 'trigger', expiresInDays: 1, syncIds: null } as const;
    const { secret, token } = await createToken(ctx, actor, input);
    expect(secret).toMatch(/^slc_[\w-]{43}$/);
    expect(JSON.stringify([await listTokens(ctx, actor), await ctx.db.apiToken.findMany()])).not.toContain(
      secret,
    );
    const resolved = await resolveToken(ctx, secret, 'request');
    expect(resolved.permissions.has('sync.trigger')).toBe(true);
    expect(resolved.permissions.has('sync.write')).toBe(false);
    expect((await listTokens(ctx, actor))[0]?.lastUsedAt).toBeInstanceOf(Date);
    expect(await codeOf(createToken(ctx, { ...actor, identity: resolved.identity }, input))).toBe(
      'forbidden',
    );
    await ctx.db.apiToken.update({ where: { id: token.id }, data: { expiresAt: new Date() } });
    expect(await codeOf(resolveToken(ctx, secret, 'request'))).toBe('unauthenticated');
    await ctx.db.apiToken.update({ where: { id: token.id }, data: { expiresAt: null } });
    await revokeToken(ctx, actor, { id: token.id });
    expect(await codeOf(resolveToken(ctx, secret, 'request'))).toBe('unauthenticated');
    expect(await codeOf(revokeToken(ctx, actor, { id: token.id }))).toBe('not_found');
  });

  test('cannot be limited to a sync of another workspace', async () => {
    const { actor } = await createTestMember(ctx, 'tokens');
    const input = { name: 'ci', scope: 'read', expiresInDays: null, syncIds: [12345] } as const;
    expect(await codeOf(createToken(ctx, actor, { ...input, syncIds: [...input.syncIds] }))).toBe(
      'input_invalid',
    );
  });
});

test('only owners of an organisation create workspaces in it', async () => {
  const owner = await newPerson('Owners');
  const { workspaces } = await getAccount(ctx, owner);
  const created = await createWorkspace(ctx, owner, { name: 'Second' });
  expect(created).toMatchObject({
    name: 'Second',
    slug: 'second',
    organisation: workspaces[0]?.organisation,
  });
  const member = await createTestMember(ctx, 'second', 'admin');
  expect(await codeOf(createWorkspace(ctx, member.person, { name: 'Third' }))).toBe('forbidden');
  const stranger = await newPerson('Strangers');
  const organisationId = workspaces[0]?.organisation.id;
  expect(await codeOf(createWorkspace(ctx, stranger, { name: 'Third', organisationId }))).toBe('not_found');
});

test('the audit log pages backwards and filters by noun', async () => {
  const { actor } = await createTestMember(ctx, 'audited');
  for (let made = 0; made < 5; made++) await createInvitation(ctx, actor, { role: 'viewer' });
  await createToken(ctx, actor, { name: 'ci', scope: 'read', expiresInDays: 1, syncIds: null });
  const first = await listAudit(ctx, actor, { limit: 4 });
  expect(first.items[0]).toMatchObject({
    action: 'token.create',
    actor: 'admin of audited',
    subjectName: 'ci',
  });
  const second = await listAudit(ctx, actor, { limit: 4, cursor: first.nextCursor });
  expect([...first.items, ...second.items]).toHaveLength(6);
  expect(second.nextCursor).toBeNull();
  expect((await listAudit(ctx, actor, { limit: 50, action: 'invitation' })).items).toHaveLength(5);
});

test('set-up from the environment happens once', async () => {
  const initial = {
    email: 'Root@example.com',
    password,
    workspaceName: 'Initial',
    apiToken: `slc_${'x1y2'.repeat(10)}`,
  };
  const first = await ensureInitial(ctx, initial);
  expect(first.created).toBe(true);
  const again = await Promise.all(
    [1, 2].map(() => ensureInitial(ctx, { ...initial, password: 'changed since 42' })),
  );
  expect(again).toEqual([1, 2].map(() => ({ workspaceId: first.workspaceId, created: false })));
  expect((await resolveToken(ctx, initial.apiToken, 'request')).workspaceId).toBe(first.workspaceId);
  await expect(
    verifyCredentials(ctx, { email: 'root@example.com', password, address }),
  ).resolves.toBeTruthy();
  const weak = { ...initial, email: 'other@example.com', password: 'password' };
  expect(await codeOf(ensureInitial(ctx, weak))).toBe('settings_invalid');
});
