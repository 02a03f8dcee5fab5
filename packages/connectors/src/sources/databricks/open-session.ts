import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import { throwIfAborted } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { createGuardedAgents } from '../../kit/guarded-agent.ts';
import type { SqlResult, SqlSession } from '../../kit/sql/engine.ts';
import { columnType } from './arrow-cells.ts';
import type { DatabricksClient } from './client.ts';
import type { DatabricksSettings } from './configuration.ts';
import { introspect } from './introspect.ts';
import { readChunks } from './read-chunks.ts';
import { cancelStatement, type ManifestColumn, runStatement } from './statement.ts';

/** A session whose statements may have parameters. */
export interface DatabricksSession extends SqlSession {
  /** `parameters`: texts in the place of `:name`. */
  query(statement: string, parameters?: Readonly<Record<string, string>>): Promise<SqlResult>;
}

/** Statements of one use of the source; the API itself has no sessions. `waiting` hears that a warehouse is starting. */
export function openDatabricksSession(
  client: DatabricksClient,
  settings: DatabricksSettings,
  context: ConnectContext,
  waiting: () => void,
): DatabricksSession {
  const agents = createGuardedAgents(context);
  let running: string | null = null;
  let stopped = false;
  const cancel = async (): Promise<void> => {
    stopped = true;
    const id = running;
    running = null;
    if (id !== null) await cancelStatement(client, id);
  };
  const session: DatabricksSession = {
    async query(text, parameters) {
      throwIfAborted(context.signal);
      const result = await runStatement(client, { text, parameters }, settings, context, {
        waiting,
        started(id) {
          running = id;
          // Whoever stopped it while the answer was on its way could not name it yet.
          if (stopped || context.signal.aborted) void cancel();
        },
      });
      running = null;
      return { columns: result.columns.map(columnOf), blocks: readChunks(client, agents, result, context) };
    },
    introspect: () => introspect(session, settings),
    cancel,
    async end() {
      await cancel();
      agents.close();
    },
  };
  return session;
}

function columnOf(column: ManifestColumn): Column {
  if (column.name === '') throw new SluiceError('query_invalid', 'A column of the result has no name.');
  return { name: column.name, type: columnType(column), nativeType: column.type_text };
}
