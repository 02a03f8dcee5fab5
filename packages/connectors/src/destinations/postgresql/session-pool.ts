import type { PgSession } from '../../kit/pg-connection.ts';

/** Sessions that wait for their next transaction. */
export interface SessionPool {
  /** An idle session, or a new one. Throws what connecting throws, and the signal's reason when it aborts meanwhile. */
  take(signal: AbortSignal): Promise<PgSession>;
  /** Gives a session back; one that is not `reusable` is ended. */
  give(session: PgSession, reusable: boolean): Promise<void>;
  /** Ends the idle sessions; those still out are ended when they come back. */
  close(): Promise<void>;
}

/** A pool without a limit of its own: callers take at most one session at a time each. */
export function createSessionPool(connect: (signal: AbortSignal) => Promise<PgSession>): SessionPool {
  const idle: PgSession[] = [];
  let closed = false;
  return {
    async take(signal) {
      const session = idle.pop();
      if (session) return session;
      // The session outlives the delivery that it is opened for.
      const opening = new AbortController();
      const stop = () => opening.abort(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      try {
        return await connect(opening.signal);
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
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
