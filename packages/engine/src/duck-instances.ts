import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** An instance of DuckDB with the one connection that its user works on. */
export interface DuckInstance {
  readonly connection: DuckDBConnection;
  /** From here on statements go over many rows: as many threads as there may be. */
  widen(): Promise<void>;
  /** Gives the instance back. `clean`: nothing failed or was interrupted, so that the next run may have it. */
  give(clean: boolean): void;
}

/**
 * To open and close an instance costs 15 ms of CPU (measured, DuckDB 1.5, November 2026): more than everything else that
 * a run of ten rows does in it. So a few are kept for the next. What a run makes is temporary (`CREATE TEMP`), so it is gone
 * with its connection. They begin with one thread: over a few rows a second one costs more than it brings, 13 of 44 ms.
 */
const idleMax = 4;
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
      threads: '1',
      temp_directory: options.spillDirectory,
      preserve_insertion_order: 'false',
      autoinstall_known_extensions: 'false',
    }));
  const connection = await instance.connect();
  let wide = false;
  return {
    connection,
    async widen() {
      if (wide || options.threads < 2) return;
      wide = true;
      await connection.run(`SET threads = ${options.threads}`);
    },
    give(clean) {
      connection.closeSync();
      if (clean) keep(kind, instance);
      else instance.closeSync();
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
      await connection.run(`SET temp_directory = '${spillDirectory.replaceAll("'", "''")}'; SET threads = 1`);
      connection.closeSync();
      return instance;
    } catch {
      connection.closeSync();
      instance.closeSync();
    }
  }
}

function keep(kind: string, instance: DuckDBInstance): void {
  const waiting = idle.get(kind) ?? [];
  idle.set(kind, waiting);
  if (waiting.length < idleMax) waiting.push(instance);
  else instance.closeSync();
}
