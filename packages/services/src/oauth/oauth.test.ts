import type { Actor, Person } from '@sluice/domain/actor';
import { type OAuthVendor, startOAuthVendor } from '@sluice/testing/vendors/start-oauth-vendor';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDestination } from '../destination/create-destination.ts';
import { getDestination } from '../destination/get-destination.ts';
import { getDestinationDefinition } from '../destination/get-destination-definition.ts';
import { updateDestination } from '../destination/update-destination.ts';
import { createTestMember, type TestMember } from '../testing/create-test-member.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { finishGrant } from './finish-grant.ts';
import { getGrant } from './get-grant.ts';
import { grantAccess } from './grant-access.ts';
import { parseOAuthClients } from './oauth-client.ts';
import { pruneGrants } from './prune-grants.ts';
import { startGrant } from './start-grant.ts';

const client = { id: 'client-1', secret: 'client-secret-0123456789' };
const { signal } = new AbortController();
let vendor: OAuthVendor;
let ctx: TestContext;
let ada: TestMember;
let eve: TestMember;

beforeAll(async () => {
  vendor = await startOAuthVendor(client, '/oauth/v1/token');
  ctx = await openTestContext({
    OAUTH_CLIENTS: `hubspot:${client.id}:${client.secret}:${vendor.url}`,
    EGRESS_ALLOW: `127.0.0.1:${vendor.port}`,
  });
  ada = await createTestMember(ctx, 'acme', 'admin');
  eve = await createTestMember(ctx, 'acme', 'editor');
});
afterAll(async () => {
  await ctx.close();
  await vendor.close();
});
beforeEach(() => Object.assign(vendor, { refreshes: 0, revoked: false, away: false, expiresIn: 1800 }));
afterEach(() => expect(ctx.logged.join('')).not.toMatch(/access-\d|refresh-\d|client-secret/));

async function comeBack(
  actor: Actor,
  person: Person,
  change: (back: URL) => void = () => {},
): Promise<number> {
  const { id, url } = await startGrant(ctx, actor, { connector: 'hubspot' });
  const back = vendor.agree(url);
  change(back);
  const { searchParams } = back;
  const returned = {
    state: searchParams.get('state') ?? '',
    code: searchParams.get('code'),
    error: searchParams.get('error'),
  };
  await finishGrant(ctx, person, returned, signal);
  return id;
}
const create = (actor: Actor, grant: number) =>
  createDestination(ctx, actor, {
    name: `CRM ${grant}`,
    type: 'hubspot',
    configuration: { access: 'oauth', grant },
  });
const accessOf = (grant: number) => {
  const access = grantAccess(
    ctx,
    ada.actor.workspaceId,
    getDestinationDefinition('hubspot'),
    { grant },
    signal,
  );
  if (!access) throw new Error('no access');
  return access;
};

describe('signing in', () => {
  test('asks for exactly the scopes, with PKCE, and gives an active grant', async () => {
    const { id, url } = await startGrant(ctx, ada.actor, { connector: 'hubspot' });
    const asked = new URL(url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      client_id: client.id,
      redirect_uri: 'http://localhost:3000/api/oauth/callback',
      code_challenge_method: 'S256',
    });
    expect(asked.get('scope')).toContain('crm.objects.contacts.write');
    expect(await getGrant(ctx, ada.actor, { id })).toMatchObject({ status: 'pending' });
    const back = vendor.agree(url).searchParams;
    const returned = { state: back.get('state') ?? '', code: back.get('code'), error: null };
    expect(await finishGrant(ctx, ada.person, returned, signal)).toEqual({ name: 'HubSpot' });
    expect(await getGrant(ctx, ada.actor, { id })).toMatchObject({ status: 'active' });
    // A second return finds nobody who waits.
    expect(await failureOf(finishGrant(ctx, ada.person, returned, signal))).toMatchObject({
      code: 'not_found',
    });
    expect(await accessOf(id).token()).toMatch(/^access-/);
  });

  test('stores nothing that opens without the key', async () => {
    const id = await comeBack(ada.actor, ada.person);
    const row = await ctx.db.oAuthGrant.findUniqueOrThrow({ where: { id } });
    expect(JSON.stringify(row)).not.toMatch(/access-\d|refresh-\d/);
    expect(row.state).toBeNull();
  });

  test('cannot be finished by somebody else, without the state, or after a refusal', async () => {
    expect(await failureOf(comeBack(ada.actor, eve.person))).toMatchObject({ code: 'not_found' });
    const forged = comeBack(ada.actor, ada.person, (back) => back.searchParams.set('state', 'forged'));
    expect(await failureOf(forged)).toMatchObject({ code: 'not_found' });
    const denied = comeBack(ada.actor, ada.person, (back) => {
      back.searchParams.delete('code');
      back.searchParams.set('error', 'access_denied');
    });
    expect(await failureOf(denied)).toMatchObject({
      code: 'destination_auth',
      message: expect.stringContaining('access_denied'),
    });
    const wrong = comeBack(ada.actor, ada.person, (back) => back.searchParams.set('code', 'made-up'));
    expect(await failureOf(wrong)).toMatchObject({ code: 'destination_auth' });
  });

  test('is offered only where a connector has it and the operator made it possible', async () => {
    expect(await failureOf(startGrant(ctx, ada.actor, { connector: 'postgresql' }))).toMatchObject({
      code: 'input_invalid',
    });
    const bare = { ...ctx, settings: { ...ctx.settings, oauthClients: new Map() } };
    expect(await failureOf(startGrant(bare, ada.actor, { connector: 'hubspot' }))).toMatchObject({
      code: 'settings_invalid',
      fix: expect.stringContaining('OAUTH_CLIENTS=hubspot:'),
    });
  });
});

describe('at vendors of sources', () => {
  const begin = async (text: string, connector: string) => {
    const settings = { ...ctx.settings, oauthClients: parseOAuthClients(text) };
    return new URL((await startGrant({ ...ctx, settings }, ada.actor, { connector })).url);
  };

  test('Google is asked for access that can be renewed', async () => {
    const url = await begin('google:id:secret', 'bigquery');
    expect(url.origin).toBe('https://accounts.google.com');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      scope: 'https://www.googleapis.com/auth/bigquery',
      access_type: 'offline',
      prompt: 'consent',
    });
  });

  test('Snowflake is asked at the account that the operator names', async () => {
    const url = await begin('snowflake:id:secret:https://acme-1.snowflakecomputing.com', 'snowflake');
    expect(url.origin + url.pathname).toBe('https://acme-1.snowflakecomputing.com/oauth/authorize');
    expect(url.searchParams.get('scope')).toBe('refresh_token');
    expect(await failureOf(begin('snowflake:id:secret', 'snowflake'))).toMatchObject({
      code: 'settings_invalid',
      fix: expect.stringContaining('OAUTH_CLIENTS=snowflake:<client id>:<client secret>:https://<account>'),
    });
  });
});

describe('a grant', () => {
  test('belongs to the connection of the person who gave it', async () => {
    const grant = await comeBack(ada.actor, ada.person);
    expect(await failureOf(create(eve.actor, grant))).toMatchObject({ code: 'input_invalid' });
    const { id } = await create(ada.actor, grant);
    // Nobody takes it into a connection of their own, not even the giver.
    expect(await failureOf(create(ada.actor, grant))).toMatchObject({ code: 'input_invalid' });
    // Nor does it travel to another address.
    const moved = updateDestination(ctx, eve.actor, {
      id,
      configuration: { baseUrl: 'https://evil.example.com' },
    });
    expect(await failureOf(moved)).toMatchObject({ fields: { 'configuration.grant': expect.any(String) } });
    await updateDestination(ctx, eve.actor, { id, name: 'Our CRM' });
    expect((await getDestination(ctx, ada.actor, { id })).configuration).toMatchObject({ grant });
  });

  test('that ends soon is renewed once, however many ask', async () => {
    vendor.expiresIn = 60;
    const grant = await comeBack(ada.actor, ada.person);
    vendor.expiresIn = 1800;
    const tokens = await Promise.all([1, 2, 3, 4].map(() => accessOf(grant).token()));
    expect(new Set(tokens)).toEqual(new Set([vendor.given.at(-1)]));
    expect(vendor.refreshes).toBe(1);
  });

  test('whose token was refused is renewed, unless somebody did so meanwhile', async () => {
    const grant = await comeBack(ada.actor, ada.person);
    const first = await accessOf(grant).token();
    await Promise.all([accessOf(grant).renew(first), accessOf(grant).renew(first)]);
    expect(vendor.refreshes).toBe(1);
    expect(await accessOf(grant).token()).toBe(vendor.given.at(-1));
  });

  test('that the vendor takes no more marks its connection, and says whose it was', async () => {
    const grant = await comeBack(ada.actor, ada.person);
    const { id } = await create(ada.actor, grant);
    const token = await accessOf(grant).token();
    vendor.revoked = true;
    expect(await failureOf(accessOf(grant).renew(token))).toMatchObject({ code: 'destination_auth' });
    expect(await getGrant(ctx, ada.actor, { id: grant })).toMatchObject({ status: 'revoked' });
    const { lastCheck } = await getDestination(ctx, ada.actor, { id });
    expect(lastCheck).toMatchObject({
      ok: false,
      checks: [{ status: 'failed', message: expect.stringContaining('invalid_grant') }],
    });
    const [entry] = await ctx.db.auditEntry.findMany({ where: { action: 'grant.revoke', subjectId: grant } });
    expect(entry?.subjectName).toContain(ada.person.name);
    expect(await failureOf(accessOf(grant).token())).toMatchObject({ code: 'destination_auth' });
  });

  test('survives a vendor that is away', async () => {
    const grant = await comeBack(ada.actor, ada.person);
    const token = await accessOf(grant).token();
    vendor.away = true;
    expect(await failureOf(accessOf(grant).renew(token))).toMatchObject({ code: 'destination_failed' });
    vendor.away = false;
    await accessOf(grant).renew(token);
    expect(await getGrant(ctx, ada.actor, { id: grant })).toMatchObject({ status: 'active' });
  });

  test('is removed when nobody uses it', async () => {
    const kept = await comeBack(ada.actor, ada.person);
    await create(ada.actor, kept);
    const unused = await comeBack(ada.actor, ada.person);
    const { id: pending } = await startGrant(ctx, ada.actor, { connector: 'hubspot' });
    const past = new Date(Date.now() - 3 * 86_400_000);
    await ctx.db.oAuthGrant.updateMany({ where: { id: { in: [kept, unused] } }, data: { createdAt: past } });
    await ctx.db.oAuthGrant.update({ where: { id: pending }, data: { expiresAt: past } });
    await pruneGrants(ctx.db);
    const left = await ctx.db.oAuthGrant.findMany({ where: { id: { in: [kept, unused, pending] } } });
    expect(left.map(({ id }) => id)).toEqual([kept]);
  });
});

test.each(['hubspot', 'hubspot:id', 'Hub Spot:id:secret', 'hubspot:id:secret:nowhere'])(
  'an operator’s mistake is named without its value: %s',
  async (text) => {
    const failure = await failureOf(Promise.resolve().then(() => parseOAuthClients(text)));
    expect(failure).toMatchObject({
      code: 'settings_invalid',
      message: expect.not.stringContaining('secret:nowhere'),
    });
  },
);
