import { generateKeyPairSync } from 'node:crypto';
import { trustTestAuthority } from '@sluice/testing/certificates';
import { type BigQueryServer, startBigQueryServer } from '@sluice/testing/warehouses/bigquery/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSource } from '../source/create-source.ts';
import { createTestMember, type TestMember } from '../testing/create-test-member.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { estimateQuery } from './estimate-query.ts';

const options = () => ({ signal: AbortSignal.timeout(20_000) });
const query = { queryType: 'raw_sql' as const, sql: 'select 1 as id' };
let server: BigQueryServer;
let ctx: TestContext;
let ada: TestMember;
let bigquery: number;

beforeAll(async () => {
  trustTestAuthority();
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const email = 'reader@acme.iam.gserviceaccount.com';
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  server = await startBigQueryServer({ project: 'acme-analytics', user: { email, publicKey, token: 't' } });
  ctx = await openTestContext({ EGRESS_ALLOW: `127.0.0.1:${server.port}` });
  ada = await createTestMember(ctx, 'acme', 'editor');
  ({ id: bigquery } = await createSource(ctx, ada.actor, {
    name: 'BigQuery',
    type: 'bigquery',
    configuration: {
      project: 'acme-analytics',
      authentication: 'service_account',
      serviceAccountKey: JSON.stringify({
        client_email: email,
        private_key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
        token_uri: `${server.url}/token`,
      }),
      apiUrl: server.url,
    },
  }));
});
afterAll(async () => {
  await ctx.close();
  await server.close();
});

test('a warehouse that bills by bytes says what a query would read, and runs nothing', async () => {
  server.bytes = 1_234_567_890;
  const estimate = await estimateQuery(ctx, ada.actor, { sourceId: bigquery, query }, options());
  expect(estimate).toEqual({ bytes: 1_234_567_890 });
  expect(server.jobs).toEqual([]);
});

test('a source that cannot tell says so', async () => {
  const { id: sourceId } = await createSource(ctx, ada.actor, {
    name: 'Shop',
    type: 'sample',
    configuration: {},
  });
  expect(await estimateQuery(ctx, ada.actor, { sourceId, query }, options())).toBeNull();
});

test('nobody asks who may not run queries, or of another workspace', async () => {
  const viewer = await createTestMember(ctx, 'acme', 'viewer');
  const eve = await createTestMember(ctx, 'other', 'admin');
  const input = { sourceId: bigquery, query };
  expect(await failureOf(estimateQuery(ctx, viewer.actor, input, options()))).toMatchObject({
    code: 'forbidden',
  });
  expect(await failureOf(estimateQuery(ctx, eve.actor, input, options()))).toMatchObject({
    code: 'not_found',
  });
});
