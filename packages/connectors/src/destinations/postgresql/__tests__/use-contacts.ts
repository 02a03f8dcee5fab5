import type { Row } from '@sluice/domain/column';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { asOwner, createEmptyDatabase } from '@sluice/testing/postgres';
import { afterEach, beforeEach } from 'vitest';
import type { DestinationConnection, DestinationWriter } from '../../../kit/destination.ts';
import { configurationOf, createTestContext, type TestContext } from '../../__tests__/destination-context.ts';
import { postgresqlDestination } from '../definition.ts';

interface OpenOptions {
  readonly port?: number;
  readonly requestMs?: number;
  readonly connectMs?: number;
  readonly user?: string;
  readonly password?: string;
  readonly signal?: AbortSignal;
}

/** A database of its own for each test, with an empty table of contacts, and writers to it. */
export function useContacts() {
  const world = {} as {
    database: { url: string; name: string };
    context: TestContext;
    connection: DestinationConnection;
  };
  let writers: DestinationWriter[] = [];

  const sql = <R extends Row = Row>(text: string): Promise<R[]> => asOwner<R>(text, [], world.database.name);

  async function close(): Promise<void> {
    for (const writer of writers) await writer.close();
    writers = [];
    await world.connection.close();
    await world.context.close();
  }

  function open(options: OpenOptions = {}): void {
    const url = new URL(world.database.url);
    const port = options.port ?? Number(url.port);
    world.context = createTestContext([port], {
      timeouts: { connectMs: options.connectMs ?? 2000, requestMs: options.requestMs ?? 10_000 },
      ...(options.signal && { signal: options.signal }),
    });
    world.connection = postgresqlDestination.open(
      {
        host: '127.0.0.1',
        port,
        database: world.database.name,
        user: options.user ?? decodeURIComponent(url.username),
        password: options.password ?? decodeURIComponent(url.password),
        sslMode: 'disable',
      },
      world.context,
    );
  }

  beforeEach(async () => {
    world.database = await createEmptyDatabase();
    await sql(`create table contacts (
      id bigint primary key, email text unique, name varchar(20), age integer check (age < 150),
      vip boolean not null default false
    )`);
    open();
  });
  afterEach(close);

  return Object.assign(world, {
    sql,
    /** Connects anew, another way. */
    async reopen(options: OpenOptions): Promise<void> {
      await close();
      open(options);
    },
    async writerOf(input: Partial<SyncConfigurationInput>): Promise<DestinationWriter> {
      const writer = await world.connection.writer(
        configurationOf({ object: 'public.contacts', mode: 'upsert', ...input }),
      );
      writers.push(writer);
      return writer;
    },
  });
}

/** Mappings of columns to columns of the same name. */
export const columns = (...names: string[]) =>
  names.map((name) => ({ type: 'column' as const, to: name, from: name }));

export const byId = { matchKey: { from: 'id', to: 'id' } };
