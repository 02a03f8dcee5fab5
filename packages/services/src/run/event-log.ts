import { Prisma } from '@sluice/db/generated/client';
import type { LogLevel, StageTiming } from '@sluice/domain/run';
import type { RunStage, RunStatus } from '@sluice/domain/run-status';
import type { ServiceContext } from '../context.ts';
import { type Hold, logFence, writeFenced } from './run-fence.ts';

/**
 * The log of a run while it goes on, and the stage that it is in. Both are kept for a moment and written together, in
 * order: a small run goes through its stages faster than anybody looks.
 */
export interface EventLog {
  add(level: LogLevel, stage: RunStage, message: string, details?: Record<string, unknown>): void;
  /** Another stage began. Only the newest one is written. */
  enter(state: RunState): void;
  /**
   * Hands over what waits, to be written by a statement of the caller that says the stage too: a CTE `line`. Nothing is
   * being written any more when it resolves.
   */
  take(): Promise<Prisma.Sql>;
  /** Resolves when everything added so far is on disk. Throws LeaseLost. */
  flush(): Promise<void>;
}

/** Where a run stands, for people. */
export interface RunState {
  readonly status: RunStatus;
  readonly stages: readonly StageTiming[];
}

interface Line {
  at: string;
  level: LogLevel;
  stage: RunStage;
  message: string;
  details: Record<string, unknown> | null;
}

const delayMs = 150;
/** Where the database is busy lines wait longer: writing takes at most this part of the time. */
const shareMax = 0.1;
const delayMsMax = 1_500;
const messageLengthMax = 2_000;

/** Opens the log of a claimed run, or of a run of which a chunk is claimed. Failures of the delayed writes appear at the next `flush`. */
export function openEventLog(ctx: ServiceContext, hold: Hold): EventLog {
  let waiting: Line[] = [];
  let entered: RunState | null = null;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let writeMs = 0;

  const write = async () => {
    const began = performance.now();
    const lines = waiting;
    const state = entered;
    waiting = [];
    entered = null;
    if (lines.length === 0 && !state) return;
    const told = state
      ? Prisma.sql`, entered as (update runs set ${setState(state)} from fence where runs.id = fence.id
        ), ${shownStatus(state.status)}`
      : Prisma.empty;
    await writeFenced(
      ctx,
      Prisma.sql`with ${logFence(hold)}, ${linesOf(lines)}${told}
        select count(*)::int as held, pg_notify('sluice_runs', 'event:' || ${hold.id}::int)::text,
          case when ${state !== null} then pg_notify('sluice_runs', 'run:' || ${hold.id}::int)::text end
        from fence`,
    );
    writeMs = performance.now() - began;
  };

  const soon = () => {
    timer ??= setTimeout(
      () => {
        flush().catch((error) =>
          ctx.log.debug({ err: error, runId: hold.id }, 'log lines of a run were lost'),
        );
      },
      Math.min(delayMsMax, Math.max(delayMs, writeMs / shareMax)),
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
      soon();
    },
    enter(state) {
      entered = state;
      soon();
    },
    async take() {
      clearTimeout(timer);
      timer = undefined;
      // Its failure was told already, or is told by the statement that follows.
      await writing.catch(() => undefined);
      const lines = waiting;
      waiting = [];
      entered = null;
      return linesOf(lines);
    },
    flush,
  };
}

/** The stage in the row of the run. */
export const setState = ({ status, stages }: RunState): Prisma.Sql =>
  Prisma.sql`status = ${status}, stages = ${JSON.stringify(stages)}::jsonb`;

/** A CTE that shows the status at the sync, unless a newer run waits. */
export const shownStatus = (status: RunStatus): Prisma.Sql => Prisma.sql`shown as (
    update syncs set status = ${status} from fence where syncs.id = fence.sync_id
      and not exists (select 1 from runs newer where newer.sync_id = fence.sync_id and newer.status = 'queued')
  )`;

/** A CTE that adds lines to the log of the run in `fence`. */
const linesOf = (lines: readonly Line[]): Prisma.Sql => Prisma.sql`line as (
    insert into run_events (workspace_id, run_id, at, level, stage, message, details)
    select fence.workspace_id, fence.id, line.at, line.level, line.stage, line.message, line.details
    from fence, jsonb_to_recordset(${JSON.stringify(lines)}::jsonb)
      as line(at timestamptz, level text, stage text, message text, details jsonb)
  )`;

/** The CTE of a log that has nothing to say. */
export const noLines = linesOf([]);
