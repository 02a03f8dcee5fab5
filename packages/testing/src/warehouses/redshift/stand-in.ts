import { asOwner } from '../../postgres.ts';
import { startTcpProxy, type TcpProxy } from '../../tcp-proxy.ts';
import { runUnload, type UnloadPlace } from './run-unload.ts';
import { startUnloadRelay } from './unload-relay.ts';

/** PostgreSQL in the place of Redshift. */
export interface RedshiftStandIn {
  readonly port: number;
  /** Statements that arrived, in order. */
  readonly statements: string[];
  /** Those that Redshift does not have: must stay empty. */
  readonly violations: string[];
  readonly proxy: TcpProxy;
  close(): Promise<void>;
}

/**
 * What PostgreSQL takes and Redshift does not, as far as a connector could be tempted.
 * https://docs.aws.amazon.com/redshift/latest/dg/c_redshift-and-postgres-sql.html (read 2026-11-22)
 */
const absent: readonly RegExp[] = [
  /\bcopy\b[\s\S]*\bto\s+stdout\b/i,
  /\bdeclare\s+\S+\s+(binary|insensitive|scroll|no\s+scroll|asensitive)\b/i,
  /\bwith\s+hold\b/i,
  /\bfetch\s+(backward|prior|last|absolute|relative)\b/i,
  /\bfetch\s+forward\s+(?!1000\b|\d{1,3}\b)\d+/i,
  /\bset\s+(session|local)\b/i,
  /extra_float_digits\s+to\s+([3-9]|-1[6-9])/i,
  /\bjsonb?_|::jsonb?\b|\bto_jsonb?\b/i,
  /\bpg_(stat_activity|size_pretty|describe_object)\b/i,
  /\bcast\s*\([^()]*\bas\s+(varchar|text)\s*\)/i,
  /\bis\s+distinct\s+from\b|\blateral\b|\bon\s+conflict\b|\bfilter\s*\(/i,
  /repeatable\s+read/i,
];

/**
 * Stands between a client and a database of PostgreSQL's, and looks at every statement. The database gets the catalogue
 * views and the functions of Redshift that are used; UNLOAD, where it is given a place, is done in its stead. It does not judge Redshift's SQL, rights, limits or the text of its own types.
 */
export async function startRedshiftStandIn(
  port: number,
  database: string,
  unload?: UnloadPlace & {
    /** Who runs the statements of UNLOAD. */
    readonly owner: { readonly user: string; readonly password: string };
  },
): Promise<RedshiftStandIn> {
  const reads = `table_schema NOT IN ('pg_catalog', 'information_schema') AND table_name NOT LIKE 'svv_%'`;
  const views = [
    `CREATE VIEW public.svv_tables AS SELECT * FROM information_schema.tables WHERE ${reads}`,
    `CREATE VIEW public.svv_columns AS SELECT * FROM information_schema.columns WHERE ${reads}`,
    'GRANT SELECT ON public.svv_tables, public.svv_columns TO PUBLIC',
    `CREATE FUNCTION public.sha2(text, int) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
      AS $$ SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex') $$`,
    // Not Fowler, Noll and Vo's hash, but one of the value's own bytes as well.
    `CREATE FUNCTION public.fnv_hash(float8) RETURNS bigint IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
      AS $$ SELECT hashtextextended(encode(float8send($1), 'hex'), 0) $$`,
    `CREATE FUNCTION public.from_varbyte(bytea, text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
      AS $$ SELECT encode($1, $2) $$`,
  ];
  for (const view of views) await asOwner(view, [], database);
  const relay =
    unload &&
    (await startUnloadRelay(port, (statement) =>
      runUnload(statement, { host: '127.0.0.1', port, database, ...unload.owner }, unload),
    ));
  const proxy = await startTcpProxy({ host: '127.0.0.1', port: relay?.port ?? port });
  const statements: string[] = [];
  const violations: string[] = [];
  proxy.inspect((data) => {
    for (const text of statementsOf(data)) {
      statements.push(text);
      if (absent.some((pattern) => pattern.test(text))) violations.push(text);
    }
    return 'pass';
  });
  return {
    port: proxy.port,
    statements,
    violations,
    proxy,
    async close() {
      await proxy.close();
      await relay?.close();
    },
  };
}

/** Texts of Query and Parse messages. https://www.postgresql.org/docs/current/protocol-message-formats.html (read 2026-11-22) */
function statementsOf(data: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at + 5 <= data.length; ) {
    const type = String.fromCharCode(data[at] ?? 0);
    const length = data.readInt32BE(at + 1);
    // The first message of a connection has no type.
    if (length < 4 || at + 1 + length > data.length) break;
    const parts = data.toString('utf8', at + 5, at + 1 + length).split('\0');
    if (type === 'Q') found.push(parts[0] ?? '');
    if (type === 'P') found.push(parts[1] ?? '');
    at += 1 + length;
  }
  return found;
}
