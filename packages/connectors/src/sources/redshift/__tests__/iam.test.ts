// Signing in with credentials that the API of Redshift gives out, through Amazon's own clients, at a database that ends them.
import { asOwner, createEmptyDatabase, testCluster } from '@sluice/testing/postgres';
import {
  type CredentialsApi,
  startCredentialsApi,
} from '@sluice/testing/warehouses/redshift/credentials-api';
import { startRedshiftStandIn } from '@sluice/testing/warehouses/redshift/stand-in';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { Configuration } from '../../../kit/source.ts';
import { quoteIdentifier } from '../../../kit/sql-identifier.ts';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { redshiftSource } from '../definition.ts';

let api: CredentialsApi;
let context: TestContext;
let configuration: Configuration;
let close: () => Promise<void>;

beforeAll(async () => {
  const { name } = await createEmptyDatabase();
  const reader = `reader_${name}`;
  await asOwner(`create role ${reader}`, [], name);
  api = await startCredentialsApi(async (user, password, until) => {
    // As Redshift calls whoever comes in by IAM.
    const called = user === null ? `IAMR:${name}` : `IAM:${user}`;
    await asOwner(`drop role if exists ${quoteIdentifier(called)}`, [], name);
    await asOwner(
      `create role ${quoteIdentifier(called)} login password '${password}' valid until '${until.toISOString()}' in role ${reader}`,
      [],
      name,
    );
    return called;
  });
  const standIn = await startRedshiftStandIn((await testCluster()).port, name);
  context = createTestContext([standIn.port, api.port]);
  configuration = {
    host: '127.0.0.1',
    port: standIn.port,
    database: name,
    sslMode: 'disable',
    iamRegion: 'eu-west-1',
    iamAccessKeyId: api.accessKeyId,
    iamSecretAccessKey: api.secretAccessKey,
    iamEndpoint: api.url,
    user: reader,
  };
  close = async () => {
    await context.close();
    await standIn.close();
    await api.close();
  };
});
afterAll(() => close());

const ways = {
  iam_cluster: { authentication: 'iam_cluster', cluster: 'acme-cluster' },
  iam_serverless: { authentication: 'iam_serverless', workgroup: 'acme-workgroup', user: undefined },
} as const;

describe.each(['iam_cluster', 'iam_serverless'] as const)('%s', (way) => {
  const open = (changes: Configuration = {}) =>
    redshiftSource.open({ ...configuration, ...ways[way], ...changes }, context);

  test('signs in, reads, and keeps the password for as long as it lasts', async () => {
    api.asked.length = 0;
    const source = open();
    const called = way === 'iam_cluster' ? `IAM:${configuration.user}` : `IAMR:${configuration.database}`;
    expect((await spooledRows(source, sql('select current_user::varchar(200) as u'))).cells).toEqual([
      [called],
    ]);
    await source.preview(sql('select 1 as a'), { limit: 1 });
    expect(api.asked).toEqual([way === 'iam_cluster' ? configuration.user : '']);
  });
  test('is checked, and says whom it signed in as', async () => {
    const results = await Array.fromAsync(open().check());
    const signIn = results.find(({ name }) => name === 'sign_in');
    expect(signIn).toMatchObject({ status: 'passed', message: expect.stringContaining('as IAM') });
    // There is no table yet, and the grants are for whom they have to be for.
    const grantee = way === 'iam_cluster' ? configuration.user : `IAMR:${configuration.database}`;
    const read = results.find(({ name }) => name === 'read');
    expect(read).toMatchObject({ status: 'warning', fix: expect.stringContaining(`TO "${grantee}";`) });
  });
  test('a key that is not the right one', async () => {
    const reading = open({ iamSecretAccessKey: 'wrong' }).introspect();
    await expect(reading).rejects.toMatchObject({ code: 'source_auth' });
  });
  test('a key without the right is told the right', async () => {
    api.denied = true;
    const reading = open().introspect();
    await expect(reading).rejects.toMatchObject({
      code: 'source_permission',
      fix: expect.stringContaining(
        way === 'iam_cluster' ? 'redshift:GetClusterCredentials' : 'redshift-serverless:GetCredentials',
      ),
    });
    api.denied = false;
  });
  test('a database that is not there', async () => {
    const reading = open({ cluster: 'nowhere', workgroup: 'nowhere' }).introspect();
    await expect(reading).rejects.toMatchObject({
      code: 'source_failed',
      fix: expect.stringContaining('region'),
    });
  });
  test('an API that may not be dialled', async () => {
    const reading = open({ iamEndpoint: 'http://127.0.0.1:1' }).introspect();
    await expect(reading).rejects.toMatchObject({ code: 'egress_refused' });
  });
  test('what is left out is named', () => {
    expect(() => open({ iamAccessKeyId: '', cluster: '', workgroup: '' })).toThrow(
      expect.objectContaining({
        code: 'input_invalid',
        fields: {
          'configuration.iamAccessKeyId': 'Fill this in.',
          [`configuration.${way === 'iam_cluster' ? 'cluster' : 'workgroup'}`]: 'Fill this in.',
        },
      }),
    );
  });
});
