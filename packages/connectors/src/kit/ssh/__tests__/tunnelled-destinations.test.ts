import type { CheckResult } from '@sluice/domain/connector';
import { createMariadbDatabase, findMariadb, runOnMariadb } from '@sluice/testing/mariadb';
import { asOwner, createEmptyDatabase, testCluster } from '@sluice/testing/postgres';
import { startBastion, type TestBastion } from '@sluice/testing/ssh/bastion';
import { until } from '@sluice/testing/until';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  configurationOf,
  createTestContext,
  deliverOnce,
  recordsOf,
  type TestContext,
} from '../../../destinations/__tests__/destination-context.ts';
import { mysqlDestination } from '../../../destinations/mysql/definition.ts';
import { postgresqlDestination } from '../../../destinations/postgresql/definition.ts';
import type { DestinationConnection, DestinationDefinition } from '../../destination.ts';
import type { Configuration } from '../../source.ts';
import { createSshKey } from '../ssh-key.ts';

interface HiddenTable {
  readonly definition: DestinationDefinition;
  readonly name: string;
  readonly port: number;
  readonly configuration: Configuration;
  readonly object: string;
  count(): Promise<number>;
}

const key = await createSshKey('sluice test');
const mariadb = await findMariadb();
const create = 'CREATE TABLE contacts (id BIGINT PRIMARY KEY, name VARCHAR(20))';

const hidden: Record<string, () => Promise<HiddenTable>> = {
  async postgresql() {
    const { url, name: database } = await createEmptyDatabase();
    const { username: user, password } = new URL(url);
    await asOwner(create, [], database);
    return {
      definition: postgresqlDestination,
      name: 'db.internal:5432',
      port: (await testCluster()).port,
      configuration: { host: 'db.internal', port: 5432, database, user, password, sslMode: 'disable' },
      object: 'public.contacts',
      count: async () => (await asOwner('select id from contacts', [], database)).length,
    };
  },
  ...(mariadb && {
    async mysql() {
      const { name: database } = await createMariadbDatabase(mariadb);
      await runOnMariadb(mariadb, [create], database);
      const { user, password } = mariadb;
      return {
        definition: mysqlDestination,
        name: 'db.internal:3306',
        port: mariadb.port,
        configuration: { host: 'db.internal', port: 3306, database, user, password, sslMode: 'disable' },
        object: 'contacts',
        count: async () => (await runOnMariadb(mariadb, ['SELECT id FROM contacts'], database)).length,
      };
    },
  }),
};

describe.each(Object.entries(hidden))('%s behind an SSH server', (_slug, start) => {
  let table: HiddenTable;
  let bastion: TestBastion;
  let context: TestContext;
  beforeEach(async () => {
    table = await start();
    bastion = await startBastion({ [table.name]: table.port });
    bastion.authorizedKeys.push(key.publicKey);
    context = createTestContext([bastion.port], { sshKeys: async () => [key] });
  });
  afterEach(async () => {
    await context.close();
    await bastion.close();
  });

  const open = (changes: Configuration = {}): DestinationConnection =>
    table.definition.open(
      {
        ...table.configuration,
        ...{ tunnel: true, tunnelHost: '127.0.0.1', tunnelPort: bastion.port, tunnelUser: 'sluice' },
        ...{ tunnelHostKey: bastion.fingerprint, ...changes },
      },
      context,
    );
  const sync = () =>
    configurationOf({
      object: table.object,
      mode: 'upsert',
      matchKey: { from: 'id', to: 'id' },
      mappings: [{ type: 'column', from: 'name', to: 'name' }],
    });
  const isQuiet = () => until('no connection is left', () => bastion.open === 0);
  const people = (count: number, from = 1) =>
    recordsOf(
      'upsert',
      Array.from({ length: count }, (_, index) => ({ match: index + from, fields: { name: `n${index}` } })),
    );

  test('rows arrive, and no connection is left behind', async () => {
    const connection = open();
    const writer = await connection.writer(sync());
    const { outcomes } = await deliverOnce(writer, people(2_000));
    expect(outcomes.every((one) => one === 'delivered')).toBe(true);
    expect(await table.count()).toBe(2_000);
    await writer.close();
    await connection.close();
    await isQuiet();
  });

  test('a tunnel that breaks is a connection lost, and the next try has a new one', async () => {
    const connection = open();
    const writer = await connection.writer(sync());
    expect((await deliverOnce(writer, people(1))).outcomes).toEqual(['delivered']);
    bastion.breakAll();
    const { outcomes } = await deliverOnce(writer, people(3));
    expect(outcomes.every((one) => one === 'retry:connection_lost')).toBe(true);
    expect((await deliverOnce(writer, people(3))).outcomes).toEqual(['delivered', 'delivered', 'delivered']);
    await writer.close();
    await connection.close();
    await isQuiet();
  });

  test('the checks say how far it got', async () => {
    const results = await Array.fromAsync<CheckResult>(open().check());
    expect(
      results.slice(0, 4).every(({ name, status }) => name.startsWith('ssh_') && status === 'passed'),
    ).toBe(true);
    expect(results.every(({ status }) => status !== 'failed' && status !== 'skipped')).toBe(true);
    await isQuiet();
  });

  test('nothing goes through a server whose key nobody has confirmed', async () => {
    const connection = open({ tunnelHostKey: '' });
    await expect(connection.listObjects()).rejects.toMatchObject({ code: 'destination_host_key' });
    await connection.close();
    expect(bastion.signIns).toBe(0);
    await isQuiet();
  });
});
