import { Prisma } from '@sluice/db/generated/client';
import type { LogLevel } from '@sluice/domain/run';
import type { RunStage } from '@sluice/domain/run-status';
import type { ServiceContext } from '../context.ts';
import { type Hold, logFence, writeFenced } from './run-fence.ts';

/** The log of a run while it goes on. Lines are kept for a moment and written together, in order. */
export interface EventLog {
  add(level: LogLevel, stage: RunStage, message: string, details?: Record<string, unknown>): void;
  /** Resolves when everything added so far is on disk. Throws LeaseLost. */
  flush(): Promise<void>;
}

interface Line {
  at: string;
  level: LogLevel;
  stage: RunStage;
  message: string;
  details: Record<string, unknown> | null;
}

const delayMs = 150;
const messageLengthMax = 2_000;

/** Opens the log of a claimed run, or of a run of which a chunk is claimed. Failures of the delayed writes appear at the next `flush`. */
export function openEventLog(ctx: ServiceContext, hold: Hold): EventLog {
  let waiting: Line[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = async () => {
    const lines = waiting;
    waiting = [];
    if (lines.length === 0) return;
    await writeFenced(
      ctx,
      Prisma.sql`with ${logFence(hold)}, line as (
        insert into run_events (workspace_id, run_id, at, level, stage, message, details)
        select fence.workspace_id, fence.id, line.at, line.level, line.stage, line.message, line.details
        from fence, jsonb_to_recordset(${JSON.stringify(lines)}::jsonb)
          as line(at timestamptz, level text, stage text, message text, details jsonb)
      ) select count(*)::int as held, pg_notify('sluice_runs', 'event:' || ${hold.id}::int)::text from fence`,
    );
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write, write);
    return writing;
  };

  return {
    add(level, stage, message, details) {
      const line = {
        at: new Date().toISOString(),
        level,
        stage,
        message: ctx.secrets.redact(message).slice(0, messageLengthMax),
        details: details ? ctx.secrets.redactDeep(details) : null,
      };
      waiting.push(line);
      timer ??= setTimeout(() => {
        flush().catch((error) =>
          ctx.log.debug({ err: error, runId: hold.id }, 'log lines of a run were lost'),
        );
      }, delayMs);
    },
    flush,
  };
}
