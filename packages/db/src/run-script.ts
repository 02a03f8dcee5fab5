import pg from 'pg';

/** Runs statements one after the other in one transaction. For set-up, never with values that users wrote. */
export async function runScript(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('begin');
    for (const statement of statements) await client.query(statement);
    await client.query('commit');
  } finally {
    await client.end();
  }
}
