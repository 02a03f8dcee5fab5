import { startGrant } from '@sluice/services/oauth/start-grant';
import { createTestMember, type TestMember } from '@sluice/services/testing/create-test-member';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import { type OAuthVendor, startOAuthVendor } from '@sluice/testing/vendors/start-oauth-vendor';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handleOAuthCallback } from '../http/oauth-callback.ts';

const client = { id: 'client-1', secret: 'client-secret-0123456789' };
let vendor: OAuthVendor;
let ctx: TestContext;
let ada: TestMember;
beforeAll(async () => {
  vendor = await startOAuthVendor(client, '/oauth/v1/token');
  ctx = await openTestContext({
    OAUTH_CLIENTS: `hubspot:${client.id}:${client.secret}:${vendor.url}`,
    EGRESS_ALLOW: `127.0.0.1:${vendor.port}`,
  });
  ada = await createTestMember(ctx, 'acme', 'editor');
});
afterAll(async () => {
  await ctx.close();
  await vendor.close();
});

const comeBack = (url: URL, session = ada.session as typeof ada.session | null) =>
  handleOAuthCallback(ctx, new Request(url), { session });

test('a person who comes back is told that it worked, on a page that tells nobody the code', async () => {
  const { id, url } = await startGrant(ctx, ada.actor, { connector: 'hubspot' });
  const back = vendor.agree(url);
  const answer = await comeBack(back);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('Connected with HubSpot.');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  expect(await ctx.db.oAuthGrant.findUnique({ where: { id } })).toMatchObject({ status: 'active' });
  expect((await comeBack(back)).status).toBe(404);
});

test('nobody comes back without a session, and words of the vendor are words', async () => {
  const { url } = await startGrant(ctx, ada.actor, { connector: 'hubspot' });
  const back = vendor.agree(url);
  expect((await comeBack(back, null)).status).toBe(401);
  back.searchParams.delete('code');
  back.searchParams.set('error', '<script>alert(1)</script>');
  const text = await (await comeBack(back)).text();
  expect(text).toContain('&#60;script&#62;');
  expect(text).not.toContain('<script>');
});
