// At every vendor where people sign in: from the address that is opened to the token of a connection, its renewal by one
// process at a time, and the end of it.
import { destinationDefinitions, sourceDefinitions } from '@sluice/connectors/registry';
import { SluiceError } from '@sluice/domain/error';
import { createDestination } from '@sluice/services/destination/create-destination';
import { getDestination } from '@sluice/services/destination/get-destination';
import { getGrant } from '@sluice/services/oauth/get-grant';
import { grantAccess } from '@sluice/services/oauth/grant-access';
import { startGrant } from '@sluice/services/oauth/start-grant';
import { createSource } from '@sluice/services/source/create-source';
import { getSource } from '@sluice/services/source/get-source';
import { createTestMember, type TestMember } from '@sluice/services/testing/create-test-member';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import {
  type OAuthManners,
  type OAuthVendor,
  startOAuthVendor,
} from '@sluice/testing/vendors/start-oauth-vendor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handleOAuthCallback } from '../http/oauth-callback.ts';

interface Journey extends OAuthManners {
  /** What a connection has beside its grant. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

// Answers of Google and Snowflake to a refresh token hold no other one; Google gives one only to who asks for access while
// nobody is there. Salesforce does not say how long a token lasts: until it is refused.
const google: OAuthManners = {
  authentication: 'body',
  rotates: false,
  saysExpiry: true,
  asks: { access_type: 'offline', prompt: 'consent' },
};
const journeys: Readonly<Record<string, Journey>> = {
  hubspot: { authentication: 'body', rotates: true, saysExpiry: true, configuration: { access: 'oauth' } },
  klaviyo: { authentication: 'basic', rotates: true, saysExpiry: true, configuration: { access: 'oauth' } },
  salesforce: {
    ...{ authentication: 'body', rotates: false, saysExpiry: false },
    configuration: { access: 'oauth', baseUrl: 'https://acme.my.salesforce.com' },
  },
  'google-sheets': { ...google, configuration: { access: 'oauth' } },
  bigquery: { ...google, configuration: { project: 'acme-analytics', authentication: 'oauth' } },
  snowflake: {
    ...{ authentication: 'basic', rotates: false, saysExpiry: true },
    configuration: { account: 'acme-test', warehouse: 'WH', database: 'DB', authentication: 'oauth' },
  },
};

const definitionOf = (type: string) => {
  const definition = destinationDefinitions[type] ?? sourceDefinitions[type];
  if (!definition?.oauth) throw new Error(`${type} has no sign-in`);
  return { ...definition, oauth: definition.oauth };
};

test('none is left out', () => {
  const all = [...Object.values(destinationDefinitions), ...Object.values(sourceDefinitions)];
  const offered = all.flatMap(({ slug, oauth }) => (oauth ? [slug] : []));
  expect(Object.keys(journeys).sort()).toEqual(offered.sort());
});

describe.each(Object.entries(journeys))('%s', (type, { configuration, ...manners }) => {
  const definition = definitionOf(type);
  const { provider, tokenUrl } = definition.oauth;
  const client = { id: 'client-1', secret: 'client-secret-0123456789' };
  const { signal } = new AbortController();
  let vendor: OAuthVendor;
  let ctx: TestContext;
  let ada: TestMember;
  let grant: number;
  let connection: { readonly id: number };

  beforeAll(async () => {
    vendor = await startOAuthVendor(client, new URL(tokenUrl).pathname, manners);
    ctx = await openTestContext({
      OAUTH_CLIENTS: `${provider}:${client.id}:${client.secret}:${vendor.url}`,
      EGRESS_ALLOW: `127.0.0.1:${vendor.port}`,
    });
    ada = await createTestMember(ctx, 'acme', 'admin');
  });
  afterAll(async () => {
    expect(ctx.logged.join('')).not.toMatch(/access-\d|refresh-\d|client-secret/);
    await ctx.close();
    await vendor.close();
  });

  /** The access of one worker. */
  const access = () => {
    const found = grantAccess(ctx, ada.actor.workspaceId, definition, { grant }, signal);
    if (!found) throw new Error('no access');
    return found;
  };
  const last = () => vendor.given.at(-1);

  test('a person signs in, and the connection has a token', async () => {
    const { id, url } = await startGrant(ctx, ada.actor, { connector: type });
    const asked = new URL(url);
    expect(asked.origin).toBe(vendor.url);
    expect(asked.pathname).toBe(new URL(definition.oauth.authorizeUrl).pathname);
    const answer = await handleOAuthCallback(ctx, new Request(vendor.agree(url)), { session: ada.session });
    expect(await answer.text()).toContain(`Connected with ${definition.oauth.name}.`);
    expect(answer.status).toBe(200);
    grant = id;
    const input = { name: type, type, configuration: { ...configuration, grant } };
    const create = destinationDefinitions[type] ? createDestination : createSource;
    connection = await create(ctx, ada.actor, input);
    expect(await access().token()).toBe(last());
    expect(vendor.refreshes).toBe(0);
  });

  test('a token that ends or is refused is renewed once, again and again, however many workers ask', async () => {
    for (let round = 1; round <= 3; round += 1) {
      const refused = await access().token();
      await Promise.all([1, 2, 3, 4].map(() => access().renew(refused)));
      expect(vendor.refreshes).toBe(round);
      expect(await access().token()).toBe(last());
      expect(last()).not.toBe(refused);
    }
    if (!manners.saysExpiry) return;
    vendor.expiresIn = 60;
    await access().renew(await access().token());
    vendor.expiresIn = 1_800;
    const tokens = await Promise.all([1, 2, 3, 4].map(() => access().token()));
    expect(new Set(tokens)).toEqual(new Set([last()]));
    expect(vendor.refreshes).toBe(5);
  });

  test('a grant that the vendor takes no more marks the connection and tells whose it was', async () => {
    vendor.revoked = true;
    const refused = await access().token();
    const failures = await Promise.all(
      [1, 2].map(() =>
        access()
          .renew(refused)
          .catch((thrown: unknown) => thrown),
      ),
    );
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(SluiceError);
      expect(failure).toMatchObject({ code: 'destination_auth' });
    }
    expect(await getGrant(ctx, ada.actor, { id: grant })).toMatchObject({ status: 'revoked' });
    const view = destinationDefinitions[type] ? getDestination : getSource;
    expect((await view(ctx, ada.actor, connection)).lastCheck).toMatchObject({
      ok: false,
      checks: [{ status: 'failed', message: expect.stringContaining('invalid_grant') }],
    });
    const entries = await ctx.db.auditEntry.findMany({ where: { action: 'grant.revoke', subjectId: grant } });
    expect(entries.map(({ subjectName }) => subjectName)).toEqual([`${type}, given by ${ada.person.name}`]);
  });
});
