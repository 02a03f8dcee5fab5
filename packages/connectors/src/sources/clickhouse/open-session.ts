import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import type { Column } from '@sluice/domain/column';
import type { SchemaTable } from '@sluice/domain/connector';
import { abortError, throwIfAborted } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { createGuardedAgents, type GuardedAgents } from '../../kit/guarded-agent.ts';
import type { SqlSession } from '../../kit/sql/engine.ts';
import { readAll } from '../../kit/sql/sql-source.ts';
import { createTunnel } from '../../kit/ssh/tunnel.ts';
import { createTunnelledAgents } from '../../kit/ssh/tunnelled-agents.ts';
import { cellReader } from './column-type.ts';
import { clickHouseError } from './error.ts';
import { introspect } from './introspect.ts';
import { readResult } from './read-result.ts';
import { type ClickHouseSettings, serverOf } from './settings.ts';
import { spoolRows } from './spool-rows.ts';

/**
 * What fixes how values are written, whatever the profile of the user says. `readonly` 2: nothing is written, and these
 * settings are taken all the same. https://clickhouse.com/docs/operations/settings/formats (read 2026-11-22)
 */
const fixedSettings = {
  readonly: '2',
  // As long as a model may be, and some more.
  max_query_size: '16777216',
  session_timezone: 'UTC',
  date_time_output_format: 'iso',
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_64bit_floats: 0,
  output_format_json_quote_decimals: 0,
  output_format_json_quote_denormals: 1,
  output_format_json_named_tuples_as_objects: 1,
  output_format_json_escape_forward_slashes: 0,
  http_write_exception_in_output_format: 0,
  cancel_http_readonly_queries_on_client_close: 1,
} as const;

/**
 * Signs in and opens a session; all traffic goes through the guard, and through the SSH server where there is one. Throws `egress_refused`, `source_unreachable`,
 * `source_tls`, `source_auth`.
 */
export async function openClickHouseSession(
  settings: ClickHouseSettings,
  context: ConnectContext,
): Promise<SqlSession> {
  throwIfAborted(context.signal);
  const secure = settings.url.protocol === 'https:';
  const agents = await openAgents(settings, context).catch((thrown: unknown) => {
    throw clickHouseError(thrown, settings);
  });
  const queryMs = context.timeouts.queryMs ?? 60 * 60 * 1_000;
  const client = createClient({
    url: settings.url.origin,
    pathname: settings.url.pathname,
    username: settings.user,
    password: settings.password,
    database: settings.database,
    application: 'Sluice',
    request_timeout: queryMs,
    http_agent: secure ? agents.https : agents.http,
    log: { level: 127 },
  });
  const ending = new AbortController();
  const running = new Set<string>();
  const exec = async (query: string, until?: AbortSignal): Promise<Readable> => {
    throwIfAborted(context.signal);
    const queryId = randomUUID();
    running.add(queryId);
    try {
      const { stream } = await client.exec({
        query: `${query}\nFORMAT JSONCompactEachRowWithNamesAndTypes`,
        query_id: queryId,
        abort_signal: AbortSignal.any([ending.signal, context.signal, ...(until ? [until] : [])]),
        clickhouse_settings: { ...fixedSettings, log_comment: context.label },
      });
      stream.once('close', () => running.delete(queryId));
      return stream;
    } catch (thrown) {
      running.delete(queryId);
      if (context.signal.aborted) throw abortError(context.signal);
      throw clickHouseError(thrown, settings);
    }
  };
  const session: SqlSession = {
    query: async (statement) => readResult(await exec(statement), settings),
    spool: async (statement, _columns, path, onProgress) =>
      spoolRows(await exec(statement), settings, path, onProgress),
    describe: async (statement) => {
      const described = await readAll(await session.query(`DESCRIBE TABLE (\n${statement}\n)`));
      return described.rows.map(([name, nativeType]): Column => {
        const type = nativeType ?? 'String';
        return { name: name ?? '', type: cellReader(type).type, nativeType: type };
      });
    },
    introspect: (): Promise<SchemaTable[]> => introspect(session),
    cancel: () => kill(client, [...running]),
    end: async () => {
      ending.abort();
      await client.close().catch(() => {});
      agents.close();
    },
  };
  try {
    // A server that takes connections and says nothing is one that cannot be reached.
    const hello = await exec('SELECT 1 AS one', AbortSignal.timeout(context.timeouts.connectMs));
    hello.resume();
    return session;
  } catch (thrown) {
    await session.end();
    throw thrown;
  }
}

/** What the client is not told well is found out before it begins. */
async function openAgents(settings: ClickHouseSettings, context: ConnectContext): Promise<GuardedAgents> {
  const { host, port, tunnel } = serverOf(settings);
  if (tunnel) return createTunnelledAgents(createTunnel(tunnel, context, 'source'), context);
  await context.egress.resolve(host, port);
  return createGuardedAgents(context);
}

/** Longest wait for the server to take note that a query is unwanted. */
const killMs = 1_000;

/** Never throws: a user may lack the right, and then the server notices that nobody reads on. */
async function kill(client: ClickHouseClient, queryIds: readonly string[]): Promise<void> {
  if (queryIds.length === 0) return;
  await client
    .command({
      query: 'KILL QUERY WHERE query_id IN {ids:Array(String)} ASYNC',
      query_params: { ids: queryIds },
      abort_signal: AbortSignal.timeout(killMs),
    })
    .catch(() => {});
}
