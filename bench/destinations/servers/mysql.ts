import { createMariadbDatabase, findMariadb, runOnMariadb } from '@sluice/testing/mariadb';
import { createConnection } from 'mysql2/promise';
import { mapped, person } from '../load.ts';
import type { ServerLoad } from './server-load.ts';

const fields = Object.keys(person(1));
const names = ['id', ...fields].map((name) => `\`${name}\``);

/** A real MariaDB; the statements are those of the destination: rows are staged, and written from there. */
export const mysql: ServerLoad = {
  slug: 'mysql',
  sync: {
    object: 'people',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'id' },
    mappings: mapped(person(1)),
  },
  batchRows: 2_000,
  batches: 5,
  rows: 100_000,
  // Two would wait for each other's locks, and now and then give up.
  lanes: 1,
  record: (number) => ({ match: number, fields: person(number) }),
  async open() {
    const server = await findMariadb();
    if (!server) throw new Error('No MariaDB answers on this machine.');
    const database = await createMariadbDatabase(server);
    const run = (...statements: string[]) => runOnMariadb(server, statements, database.name);
    await run(
      `CREATE TABLE people (id BIGINT PRIMARY KEY, email VARCHAR(100), first_name VARCHAR(100), last_name VARCHAR(100),
       company VARCHAR(100), city VARCHAR(100), plan VARCHAR(20), amount DECIMAL(12,3), active TINYINT(1), updated_at DATETIME(3))`,
    );
    const { host, port } = server;
    return {
      address: { configuration: { ...server, database: database.name, sslMode: 'disable' }, host, port },
      clear: async () => void (await run('TRUNCATE people')),
      holds: async () => JSON.stringify(await run('CHECKSUM TABLE people')),
      close: () => database.drop(),
    };
  },
  async byHand({ configuration }) {
    const { host, port, user, password, database } = configuration as Record<string, string>;
    const connection = await createConnection({
      ...{ host, port: Number(port), user, password, database },
    } as Parameters<typeof createConnection>[0]);
    const set = fields.map((name) => `t.\`${name}\` = s.\`${name}\``).join(', ');
    const staged = '`sluice_batch`';
    return async (batch) => {
      const rows = batch.map(({ matchValue, fields: record }) => [
        matchValue,
        ...fields.map((name) => {
          const value = record[name];
          return name === 'updated_at' ? String(value).slice(0, 23).replace('T', ' ') : value;
        }),
      ]);
      await connection.query(`DROP TEMPORARY TABLE IF EXISTS ${staged}`);
      await connection.query(
        `CREATE TEMPORARY TABLE ${staged} AS SELECT ${names.join(', ')} FROM people LIMIT 0`,
      );
      await connection.query('START TRANSACTION');
      await connection.query(`INSERT INTO ${staged} (${names.join(', ')}) VALUES ?`, [rows]);
      await connection.query(`UPDATE people t JOIN ${staged} s ON t.id = s.id SET ${set}`);
      await connection.query(
        `INSERT INTO people (${names.join(', ')}) SELECT ${names.map((name) => `s.${name}`).join(', ')}
         FROM ${staged} s LEFT JOIN people t ON t.id = s.id WHERE t.id IS NULL`,
      );
      await connection.query('COMMIT');
    };
  },
};
