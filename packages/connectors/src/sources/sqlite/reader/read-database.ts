// A program of its own. SQLite answers on the thread that asks and cannot be interrupted from outside, so a query that should end
// takes its process with it; and a file that somebody made to break SQLite breaks a process that holds no secrets. It takes
// requests from a pipe, a JSON text a line, and writes answers to it, which blocks and so keeps it from running ahead.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { constants, type DatabaseSync, type StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { csvLine } from '../../../kit/sql/spool-writer.ts';
import { type CellReader, cellReaders, type SqliteValue } from '../column-type.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import type { Answer, ReaderRequest } from './wire.ts';

/** The pipe to whoever asks. Node itself keeps those below 3 from blocking. */
const pipe = 3;
/** Rows from which the types of computed columns are told. */
const sampleRows = 1_000;
/** Characters of rows that are sent as one line, and that are written to a file at once. */
const [lineLength, writeLength] = [64 * 1024, 256 * 1024];
/** Bytes of one value: beyond it, text of it would not fit into a string. */
const valueBytesMax = 64 * 1024 * 1024;
const heapBytesMax = 192 * 1024 * 1024;

/** Functions and tables that a view of the file might abuse are for queries alone. */
const settings = `PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA hard_heap_limit = ${heapBytesMax}`;

/** What a query may do; anything else is refused when it is prepared. https://sqlite.org/c3ref/c_alter_table.html (read 2026-11-22) */
const allowed: readonly number[] = [
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
];

function prepare(opened: DatabaseSync, sql: string, own: boolean): StatementSync {
  opened.setAuthorizer(
    own
      ? null
      : (action, subject) =>
          // Full-text indexes ask for it by themselves.
          allowed.includes(action) || (action === constants.SQLITE_PRAGMA && subject === 'data_version')
            ? constants.SQLITE_OK
            : constants.SQLITE_DENY,
  );
  const statement = opened.prepare(sql);
  if (sql.slice(statement.sourceSQL.length).trim() !== '')
    throw new Error('the text holds more than one statement');
  statement.setReturnArrays(true);
  statement.setReadBigInts(true);
  return statement;
}

function answer({ database: opened, assertUnchanged }: OpenDatabase, request: ReaderRequest): void {
  const statement = prepare(opened, request.sql, request.ask === 'rows' && request.own === true);
  if (request.ask === 'columns') {
    const { first } = begin(prepare(opened, request.sample, false));
    sendColumns(cellReaders(statement.columns(), first));
    assertUnchanged();
    send({ end: { rows: 0, bytes: 0 } });
    return;
  }
  const { first, rest } = begin(statement);
  const readers = cellReaders(statement.columns(), first);
  sendColumns(readers);
  const sink = request.ask === 'file' ? fileSink(request.path) : lineSink();
  try {
    for (const row of first) sink.take(cellsOf(row, readers));
    for (const row of rest) sink.take(cellsOf(row, readers));
    const end = sink.finish();
    assertUnchanged();
    send({ end });
  } finally {
    sink.close();
  }
}

type SqliteRow = readonly SqliteValue[];

/** The rows that tell what the columns are, and those that follow. */
function begin(statement: StatementSync): { first: SqliteRow[]; rest: Iterable<SqliteRow> } {
  const rows = statement.iterate()[Symbol.iterator]() as unknown as IterableIterator<SqliteRow>;
  const first: SqliteRow[] = [];
  while (first.length < sampleRows) {
    const { value, done } = rows.next();
    if (done) return { first, rest: [] };
    first.push(value);
  }
  return { first, rest: rows };
}

function cellsOf(row: SqliteRow, readers: readonly CellReader[]): (string | null)[] {
  const cells = new Array<string | null>(row.length);
  for (let index = 0; index < row.length; index += 1) {
    const value = row[index] as SqliteValue;
    if (value !== null && typeof value === 'object' && value.length > valueBytesMax)
      throw new Error('a value has more than 64 MiB');
    cells[index] = value === null ? null : (readers[index] as CellReader).read(value);
  }
  return cells;
}

interface Sink {
  take(cells: readonly (string | null)[]): void;
  finish(): { rows: number; bytes: number };
  close(): void;
}

function lineSink(): Sink {
  let rows = 0;
  let texts: string[] = [];
  let length = 0;
  const flush = () => {
    if (texts.length > 0) write(pipe, `[${texts.join(',')}]\n`);
    texts = [];
    length = 0;
  };
  return {
    take(cells) {
      const text = JSON.stringify(cells);
      texts.push(text);
      length += text.length;
      rows += 1;
      if (length >= lineLength) flush();
    },
    finish() {
      flush();
      return { rows, bytes: 0 };
    },
    close() {},
  };
}

function fileSink(path: string): Sink {
  const file = openSync(path, 'w');
  let text = '';
  let [rows, bytes] = [0, 0];
  const flush = () => {
    bytes += write(file, text);
    text = '';
  };
  return {
    take(cells) {
      text += csvLine(cells);
      rows += 1;
      if (text.length < writeLength) return;
      flush();
      send({ rows });
    },
    finish() {
      flush();
      return { rows, bytes };
    },
    close: () => closeSync(file),
  };
}

function sendColumns(readers: readonly CellReader[]): void {
  send({ columns: readers.map(({ name, type, nativeType }) => ({ name, type, nativeType })) });
}

function send(what: Answer): void {
  write(pipe, `${JSON.stringify(what)}\n`);
}

function write(to: number, text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  for (let written = 0; written < bytes.length; ) written += writeSync(to, bytes, written);
  return bytes.length;
}

function* requestLines(): Generator<string> {
  const buffer = Buffer.alloc(64 * 1024);
  let rest = Buffer.alloc(0);
  for (;;) {
    const read = readSync(pipe, buffer);
    if (read === 0) return;
    rest = Buffer.concat([rest, buffer.subarray(0, read)]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.toString('utf8', 0, end);
      rest = rest.subarray(end + 1);
    }
  }
}

/** Whoever asked may be killed while a query runs: nobody would stop it then. */
function endWithParent(): void {
  const watch = `setInterval(() => { if (process.ppid !== ${process.ppid}) process.kill(process.pid, 'SIGKILL'); }, 1000);`;
  new Worker(watch, { eval: true });
}

endWithParent();
const [, , databasePath = ''] = process.argv;
let database: OpenDatabase | null = null;
for (const line of requestLines()) {
  try {
    database ??= openDatabase(databasePath, settings);
    answer(database, JSON.parse(line) as ReaderRequest);
  } catch (thrown) {
    const { message, errcode, code } = reasonOf(thrown);
    send({ error: { code: errcode ?? code ?? null, message: message ?? String(thrown) } });
  }
}

/** A file that was written meanwhile looks damaged to whoever reads it. */
function reasonOf(thrown: unknown): { message?: string; errcode?: number; code?: string } {
  try {
    database?.assertUnchanged();
    return thrown as Error;
  } catch (changed) {
    return changed as Error;
  }
}
