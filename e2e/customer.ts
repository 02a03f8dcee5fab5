import pg from 'pg';

export interface Customer {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  query(sql: string): Promise<void>;
  rows(sql: string): Promise<{ rows: unknown[] }>;
}

/** A customer's database: 40 people, one of them without an e-mail address, and a role that may only read. */
export async function createCustomer(name: string): Promise<Customer> {
  const url = new URL(process.env.E2E_CUSTOMER_DATABASE ?? '');
  await run(url.href, `create database ${name}`);
  await run(url.href, `create role ${name}_reader login password 'reader-secret-${name}'`);
  url.pathname = `/${name}`;
  const query = (sql: string) => run(url.href, sql);
  await query(
    `create table people (id int primary key, email text, full_name text not null, signed_up date not null);
     insert into people select n, 'person' || n || '@example.com', 'Person ' || n, date '2026-01-01' + n from generate_series(1, 40) n;
     update people set email = null where id = 7;
     grant select on people to ${name}_reader`,
  );
  return {
    host: url.hostname,
    port: url.port,
    database: name,
    user: `${name}_reader`,
    password: `reader-secret-${name}`,
    query: async (sql) => void (await query(sql)),
    rows: query,
  };
}

async function run(url: string, sql: string): Promise<{ rows: unknown[] }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
