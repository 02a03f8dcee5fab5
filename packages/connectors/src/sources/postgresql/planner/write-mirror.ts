import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { PgSession } from '../../../kit/pg-connection.ts';
import { type MirrorState, plannerSchema } from '../../../kit/planner.ts';
import { tablesOf } from './names.ts';
import { readMirror, sameState } from './read-mirror.ts';

/** See `SourcePlanner.replace`. Here as below, one transaction, in which no SQL of a model ever runs. */
export async function replaceMirror(
  session: PgSession,
  syncId: number,
  to: MirrorState,
  path: string,
): Promise<void> {
  const { ledger } = tablesOf(syncId);
  await lockMirror(session, syncId);
  await session.run(`DROP TABLE IF EXISTS ${ledger};
    CREATE UNLOGGED TABLE ${ledger} (key text COLLATE "C" NOT NULL, print text COLLATE "C", match text COLLATE "C")`);
  await upload(session, ledger, path);
  await session.run(`ALTER TABLE ${ledger} ADD PRIMARY KEY (key); ANALYZE ${ledger}`);
  await setState(session, syncId, to);
}

/** See `SourcePlanner.advance`. */
export async function advanceMirror(
  session: PgSession,
  syncId: number,
  states: { readonly from: MirrorState; readonly to: MirrorState },
  path: string,
): Promise<boolean> {
  const { ledger, seen, incoming } = tablesOf(syncId);
  const found = await lockMirror(session, syncId);
  if (!found || !sameState(found, states.from)) return false;
  await receive(session, syncId, 'fingerprint text COLLATE "C", match text, gone boolean', path);
  await session.run(`DELETE FROM ${ledger} USING ${incoming} WHERE ${ledger}.key = ${incoming}.key;
    INSERT INTO ${ledger} (key, print, match)
      SELECT moved.key, seen.print, moved.match
      FROM ${incoming} AS moved LEFT JOIN ${seen} AS seen ON seen.key = moved.key AND seen.fingerprint = moved.fingerprint
      WHERE NOT moved.gone;
    DROP TABLE ${incoming}`);
  await setState(session, syncId, states.to);
  return true;
}

/** See `SourcePlanner.remember`. */
export async function rememberPrints(
  session: PgSession,
  syncId: number,
  at: MirrorState,
  path: string,
): Promise<void> {
  const { ledger, seen, incoming } = tablesOf(syncId);
  const found = await lockMirror(session, syncId);
  await receive(session, syncId, 'fingerprint text COLLATE "C", print text COLLATE "C", known boolean', path);
  if (found && sameState(found, at)) {
    await session.run(`UPDATE ${ledger} SET print = now.print FROM ${incoming} AS now
      WHERE now.known AND ${ledger}.key = now.key AND ${ledger}.print IS DISTINCT FROM now.print`);
  }
  await session.run(`TRUNCATE ${seen};
    INSERT INTO ${seen} (key, fingerprint, print) SELECT key, fingerprint, print FROM ${incoming} WHERE NOT known;
    ANALYZE ${seen}; DROP TABLE ${incoming}`);
}

/** Removes the tables of these syncs. */
export async function dropMirrors(session: PgSession, syncIds: readonly number[]): Promise<void> {
  const names = syncIds.flatMap((syncId) => Object.values(tablesOf(syncId)));
  if (names.length > 0) await session.run(`DROP TABLE IF EXISTS ${names.join(', ')}`);
}

/** Holds off everybody else who would write this mirror, and makes what is missing; answers what it holds. */
async function lockMirror(session: PgSession, syncId: number): Promise<MirrorState | null> {
  const { version, seen } = tablesOf(syncId);
  await session.run(`SELECT pg_advisory_xact_lock(hashtext('${plannerSchema}'), ${syncId});
    CREATE UNLOGGED TABLE IF NOT EXISTS ${version} (applied jsonb NOT NULL, match_column text);
    CREATE UNLOGGED TABLE IF NOT EXISTS ${seen} (key text COLLATE "C" PRIMARY KEY,
      fingerprint text COLLATE "C", print text COLLATE "C")`);
  return readMirror(session, syncId);
}

async function receive(session: PgSession, syncId: number, columns: string, path: string): Promise<void> {
  const { incoming } = tablesOf(syncId);
  await session.run(`DROP TABLE IF EXISTS ${incoming};
    CREATE UNLOGGED TABLE ${incoming} (key text COLLATE "C", ${columns})`);
  await upload(session, incoming, path);
  await session.run(`ANALYZE ${incoming}`);
}

async function upload(session: PgSession, table: string, path: string): Promise<void> {
  const stream = session.client.query(copyFrom(`COPY ${table} FROM STDIN (FORMAT csv)`));
  await pipeline(createReadStream(path), stream).catch((thrown: unknown) => {
    throw session.failure(thrown);
  });
}

async function setState(session: PgSession, syncId: number, state: MirrorState): Promise<void> {
  const { version } = tablesOf(syncId);
  await session.run(`DELETE FROM ${version}`);
  await session.queryText(`INSERT INTO ${version} (applied, match_column) VALUES ($1, $2)`, [
    JSON.stringify(state.files),
    state.matchColumn,
  ]);
}
