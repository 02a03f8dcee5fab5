import type { PgSession } from '../../kit/pg-connection.ts';

/** Sessions that wait for their next transaction. */
export interface SessionPool {
  /** An idle session, or a new one. Throws what connecting throws. */
  take(): Promise<PgSession>;
  /** Gives a session back; one that is not `reusable` is ended. */
  give(session: PgSession, reusable: boolean): Promise<void>;
  /** Ends the idle sessions; those still out are ended when they come back. */
  close(): Promise<void>;
}

/** A pool without a limit of its own: callers take at most one session at a time each. */
export function createSessionPool(connect: () => Promise<PgSession>): SessionPool {
  const idle: PgSession[] = [];
  let closed = false;
  return {
    take: async () => idle.pop() ?? connect(),
    async give(session, reusable) {
      if (reusable && !closed) idle.push(session);
      else await session.end();
    },
    async close() {
      closed = true;
      await Promise.all(idle.splice(0).map((session) => session.end()));
    },
  };
}
