import { Client } from 'pg';

export interface Listener {
  close(): Promise<void>;
}

/**
 * Listens to one channel on a connection of its own, for as long as the process lives. A lost connection is made anew
 * after at most 5 s; `onConnected` is called every time, because notifications sent in between are gone: whoever
 * depends on them reads again. Never throws; `onError` is told why a connection was lost.
 */
export function listen(
  url: string,
  channel: string,
  handlers: {
    onNotification(payload: string): void;
    onConnected(): void;
    onError(error: unknown): void;
  },
): Listener {
  let closed = false;
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;

  const retry = (error: unknown) => {
    if (closed || timer) return;
    handlers.onError(error);
    client?.removeAllListeners();
    client?.on('error', () => undefined);
    client?.end().catch(() => undefined);
    client = undefined;
    failures += 1;
    timer = setTimeout(connect, Math.min(5_000, 100 * 2 ** failures));
  };

  const connect = async () => {
    timer = undefined;
    const opened = new Client({
      connectionString: url,
      application_name: 'sluice listen',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    client = opened;
    opened.on('error', retry);
    opened.on('end', () => retry(new Error('the connection was closed')));
    opened.on('notification', ({ payload }) => handlers.onNotification(payload ?? ''));
    try {
      await opened.connect();
      await opened.query(`LISTEN ${opened.escapeIdentifier(channel)}`);
    } catch (error) {
      return retry(error);
    }
    failures = 0;
    if (!closed) handlers.onConnected();
  };

  void connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      client?.removeAllListeners();
      client?.on('error', () => undefined);
      await client?.end().catch(() => undefined);
    },
  };
}
