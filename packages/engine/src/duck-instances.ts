import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** An instance of DuckDB with the one connection that its user works on. */
export interface DuckInstance {
  readonly connection: DuckDBConnection;
  /** Gives the instance back. `clean`: nothing failed or was interrupted, so that the next run may have it. */
  give(clean: boolean): void;
}

/**
 * To open and close an instance costs 15 ms of CPU (measured, DuckDB 1.5, November 2026): more than everything else that
 * a run of ten rows does in it. So a few are kept, empty, for the next.
 */
const idleMax = 4;
/** What statements of the engine set. */
const settingsChanged = ['disabled_optimizers'];
const idle = new Map<string, DuckDBInstance[]>();

export async function takeInstance(options: {
  readonly memoryLimitMb: number;
  readonly threads: number;
  readonly spillDirectory: string;
}): Promise<DuckInstance> {
  const kind = `${options.memoryLimitMb}/${options.threads}`;
  const kept = await reuse(kind, options.spillDirectory);
  const instance =
    kept ??
    (await DuckDBInstance.create(':memory:', {
      memory_limit: `${options.memoryLimitMb}MB`,
      threads: String(options.threads),
      temp_directory: options.spillDirectory,
      preserve_insertion_order: 'false',
      autoinstall_known_extensions: 'false',
    }));
  const connection = await instance.connect();
  return {
    connection,
    give(clean) {
      if (clean) {
        void keep(kind, instance, connection);
        return;
      }
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function reuse(kind: string, spillDirectory: string): Promise<DuckDBInstance | null> {
  for (;;) {
    const instance = idle.get(kind)?.pop();
    if (!instance) return null;
    const connection = await instance.connect();
    try {
      // Refused by an instance that has spilled: its files are gone with the run that it worked for.
      await connection.run(`SET temp_directory = '${spillDirectory.replaceAll("'", "''")}'`);
      connection.closeSync();
      return instance;
    } catch {
      connection.closeSync();
      instance.closeSync();
    }
  }
}

async function keep(kind: string, instance: DuckDBInstance, connection: DuckDBConnection): Promise<void> {
  try {
    const left = await connection.runAndReadAll(`
      SELECT 'TABLE', table_name FROM duckdb_tables() UNION ALL
      SELECT 'SEQUENCE', sequence_name FROM duckdb_sequences()`);
    for (const [type, name] of left.getRowsJS())
      await connection.run(`DROP ${type} IF EXISTS "${name}" CASCADE`);
    // Settings belong to the instance, not to the connection that set them.
    for (const name of settingsChanged) await connection.run(`RESET ${name}`);
    connection.closeSync();
    const waiting = idle.get(kind) ?? [];
    idle.set(kind, waiting);
    if (waiting.length < idleMax) waiting.push(instance);
    else instance.closeSync();
  } catch {
    instance.closeSync();
  }
}
