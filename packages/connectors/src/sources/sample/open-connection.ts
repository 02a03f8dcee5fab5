import type { SchemaTable } from '@sluice/domain/connector';
import { throwIfAborted, untilAborted } from '../../kit/aborted.ts';
import { type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { createDuckSource } from '../../kit/duck/duck-source.ts';
import { type DuckPlace, type DuckSession, inDuckSession } from '../../kit/duck/session.ts';
import type { SourceConnection } from '../../kit/source.ts';
import { ensureShop } from './ensure-shop.ts';
import { shopTables } from './shop-tables.ts';

export const sampleChecks: CheckNames = [{ name: 'read', label: 'Read tables' }];

/** Each method opens the shop's file for itself; the first one ever makes it. */
export function openSampleSource(context: ConnectContext): SourceConnection {
  const open = () => openShop(context);
  const read = () =>
    inDuckSession(open, context, { totalMs: null }, async ({ rows }) => {
      const [row] = await rows('SELECT count(*) FROM users');
      return { status: 'passed' as const, message: `4 tables can be read; users has ${row?.[0]} rows.` };
    });
  const check = () => runChecks(sampleChecks, { read }, context.signal);
  return createDuckSource({ open, check, introspect }, context);
}

async function openShop(context: ConnectContext): Promise<DuckPlace> {
  // Whoever leaves does not wait for the shop to be made; it goes on being made for the next one.
  const file = await untilAborted(ensureShop(context.sampleDirectory), context.signal);
  throwIfAborted(context.signal);
  return { file, schema: 'shop', setUp: [], readable: [], release: async () => {} };
}

async function introspect({ rows }: DuckSession): Promise<SchemaTable[]> {
  const found = await rows(
    `SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = 'shop' ORDER BY 1, column_index`,
  );
  return shopTables.map((name) => ({
    schema: 'shop',
    name,
    kind: 'table' as const,
    columns: found
      .filter(([table]) => table === name)
      .map(([, column, type]) => ({
        name: column ?? '',
        nativeType: type ?? 'unknown',
        // Meant to be unique, as in a warehouse: nothing enforces it, and among the users it is not true.
        primaryKey: column === 'id',
      })),
  }));
}
