import { createClient } from '@clickhouse/client';
import { BigQuery } from '@google-cloud/bigquery';
import mysql from 'mysql2';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import snowflake from 'snowflake-sdk';

/** Reads a whole result in the fastest way that the driver offers, and counts what it got. */
export type ReadRaw = (
  configuration: Readonly<Record<string, unknown>>,
  statement: string,
) => Promise<number>;

const text = (value: unknown): string => String(value ?? '');
const lengthOf = (cells: readonly unknown[]): number => {
  let length = 0;
  for (const cell of cells)
    length += cell === null || cell === undefined ? 0 : ((cell as { length?: number }).length ?? 1);
  return length;
};

const pgClient = async (configuration: Readonly<Record<string, unknown>>): Promise<pg.Client> => {
  const { host, port, database, user, password } = configuration;
  const client = new pg.Client({
    ...{ host: text(host), port: Number(port), database: text(database) },
    ...{ user: text(user), password: text(password) },
  });
  await client.connect();
  return client;
};

/** By slug; Databricks has no driver that streams: what it answers is fetched. */
export const rawStreams: Readonly<Record<string, ReadRaw>> = {
  async postgresql(configuration, statement) {
    const client = await pgClient(configuration);
    let bytes = 0;
    for await (const chunk of client.query(copyTo(`copy (${statement}) to stdout (format csv)`)))
      bytes += (chunk as Buffer).length;
    await client.end();
    return bytes;
  },
  async redshift(configuration, statement) {
    const client = await pgClient(configuration);
    await client.query('begin read only');
    await client.query(`declare raw cursor for ${statement}`);
    let bytes = 0;
    for (;;) {
      const { rows } = await client.query<unknown[]>({
        text: 'fetch forward 1000 from raw',
        rowMode: 'array',
        types: { getTypeParser: () => (cell: string | Buffer) => cell },
      });
      for (const row of rows) bytes += lengthOf(row);
      if (rows.length < 1_000) break;
    }
    await client.end();
    return bytes;
  },
  // Rows as the driver emits them: its own stream of objects takes twice as long.
  async mysql(configuration, statement) {
    const { host, port, user, password } = configuration;
    const connection = mysql.createConnection({
      ...{ host: text(host), port: Number(port), user: text(user), password: text(password) },
    });
    let bytes = 0;
    const over = Promise.withResolvers<void>();
    connection
      .query({ sql: statement, rowsAsArray: true, typeCast: false })
      .on('result', (row: unknown) => {
        bytes += lengthOf(row as unknown[]);
      })
      .on('error', over.reject)
      .on('end', over.resolve);
    await over.promise;
    connection.destroy();
    return bytes;
  },
  // Rows as the text that the server sent: taking them apart as JSON takes half as long again.
  async clickhouse(configuration, query) {
    const { url, user, password } = configuration;
    const client = createClient({ url: text(url), username: text(user), password: text(password) });
    const settings = { clickhouse_settings: { readonly: '2' } } as const;
    const result = await client.query({ query, format: 'JSONCompactEachRowWithNamesAndTypes', ...settings });
    let bytes = 0;
    for await (const rows of result.stream()) for (const row of rows) bytes += row.text.length;
    await client.close();
    return bytes;
  },
  async snowflake(configuration, sqlText) {
    snowflake.configure({ logLevel: 'OFF', disableOCSPChecks: true } as Parameters<
      typeof snowflake.configure
    >[0]);
    const connection = snowflake.createConnection({
      ...{ account: text(configuration.account), accessUrl: text(configuration.accountUrl) },
      ...{ username: text(configuration.user), token: text(configuration.token) },
      ...{
        authenticator: 'PROGRAMMATIC_ACCESS_TOKEN',
        warehouse: 'WH',
        database: text(configuration.database),
      },
      ...{ rowMode: 'array', fetchAsString: ['Boolean', 'Number', 'Date', 'Buffer'] },
    } as Parameters<typeof snowflake.createConnection>[0]);
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    const statement = await new Promise<snowflake.RowStatement>((resolve, reject) => {
      connection.execute({
        ...{ sqlText, streamResult: true },
        complete: (error, done) => (error ? reject(error) : resolve(done as snowflake.RowStatement)),
      });
    });
    let bytes = 0;
    for await (const row of statement.streamRows()) bytes += lengthOf(row as unknown[]);
    return bytes;
  },
  async bigquery(configuration, query) {
    const bigquery = new BigQuery({
      ...{ projectId: text(configuration.project), apiEndpoint: text(configuration.apiUrl) },
      authClient: {
        getRequestHeaders: async () => new Headers({ authorization: 'Bearer the token' }),
      } as never,
    });
    let bytes = 0;
    const [job] = await bigquery.createQueryJob({ query });
    for await (const row of job.getQueryResultsStream({ wrapIntegers: true }))
      bytes += lengthOf(Object.values(row as object));
    return bytes;
  },
};
