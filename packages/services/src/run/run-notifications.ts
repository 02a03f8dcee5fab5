import { type Listener, listen } from '@sluice/db/listen';
import type { DryRunProgress } from '@sluice/domain/dry-run';
import type { Logger } from '../log/logger.ts';

/** Channel of Postgres on which everything that happens to runs is announced, as `kind:runId`. */
export const runChannel = 'sluice_runs';

const kinds = ['queued', 'run', 'event', 'cancel'] as const;

/**
 * `queued`: a run waits; `run`: its row changed; `event`: its log grew; `cancel`: somebody wants it to stop;
 * `pause`: a destination asked for a pause; `dry-run`: one is so far; `reconnected`: notices may have been missed, read again.
 */
export type RunNotice =
  | { readonly kind: (typeof kinds)[number]; readonly runId: number }
  | { readonly kind: 'pause'; readonly runId: null; readonly destinationId: number }
  | ({
      readonly kind: 'dry-run';
      readonly runId: null;
      readonly workspaceId: number;
      readonly watch: string;
    } & DryRunProgress)
  | { readonly kind: 'reconnected'; readonly runId: null };

export interface RunNotifications {
  /** Calls `onNotice` until the returned function is called. The first subscription opens the connection. */
  subscribe(onNotice: (notice: RunNotice) => void): () => void;
  close(): Promise<void>;
}

/** One connection per process, shared by everybody who follows runs. Notices are hints: the truth is in the tables. */
export function openRunNotifications(settings: { databaseUrl: string; log: Logger }): RunNotifications {
  const subscribers = new Set<(notice: RunNotice) => void>();
  let listener: Listener | undefined;
  const publish = (notice: RunNotice) => {
    for (const subscriber of subscribers) subscriber(notice);
  };
  const open = () =>
    listen(settings.databaseUrl, runChannel, {
      onNotification(payload) {
        const notice = noticeOf(payload);
        if (notice) publish(notice);
      },
      onConnected: () => publish({ kind: 'reconnected', runId: null }),
      onError: (error) =>
        settings.log.warn({ err: error }, 'notices about runs are delayed: connection lost'),
    });
  return {
    subscribe(onNotice) {
      subscribers.add(onNotice);
      listener ??= open();
      return () => void subscribers.delete(onNotice);
    },
    async close() {
      subscribers.clear();
      await listener?.close();
    },
  };
}

function noticeOf(payload: string): RunNotice | null {
  const [name, id, ...more] = payload.split(':');
  if (name === 'pause' && id) return { kind: 'pause', runId: null, destinationId: Number(id) };
  if (name === 'dry-run' && id) return dryRunNotice(Number(id), more);
  const kind = kinds.find((known) => known === name);
  return kind && id ? { kind, runId: Number(id) } : null;
}

/** As `tellDryRun` writes it. */
function dryRunNotice(workspaceId: number, [watch, stage, rows]: readonly string[]): RunNotice | null {
  if (!watch || (stage !== 'read' && stage !== 'compare')) return null;
  return { kind: 'dry-run', runId: null, workspaceId, watch, stage, rows: Number(rows) };
}
