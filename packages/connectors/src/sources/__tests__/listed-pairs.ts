import { expect } from 'vitest';
import type { SourceConnection } from '../../kit/source.ts';

/** A table of 250 rows and a view, as a warehouse's tests read them. */
export const pairs: readonly string[] = [
  'CREATE TABLE pairs (a INTEGER PRIMARY KEY, b VARCHAR)',
  "INSERT INTO pairs SELECT i, 'b' || i FROM range(1, 251) t(i)",
  'CREATE VIEW some_pairs AS SELECT a FROM pairs',
];

/** Both are listed, with the names of their types and with primary keys. */
export async function expectPairs(
  source: SourceConnection,
  { schema, types: [a, b] }: { readonly schema: string; readonly types: readonly [string, string] },
): Promise<void> {
  const tables = await source.introspect();
  expect(tables.map((table) => `${table.schema}.${table.name} ${table.kind}`)).toEqual([
    `${schema}.pairs table`,
    `${schema}.some_pairs view`,
  ]);
  expect(tables[0]?.columns).toEqual([
    { name: 'a', nativeType: a, primaryKey: true },
    { name: 'b', nativeType: b, primaryKey: false },
  ]);
}
