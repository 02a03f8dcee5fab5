import { join } from 'node:path';
import { createEgress } from '@sluice/connectors/kit/egress';
import { openDatabase } from '@sluice/db/client';
import { Redis } from 'ioredis';
import { openBlobStore } from './blob/open-blob-store.ts';
import type { ServiceContext } from './context.ts';
import { openJobQueue } from './jobs/queue.ts';
import { createRateLimits } from './limit/create-rate-limits.ts';
import { createLogger, type LogStream } from './log/logger.ts';
import { createRequestCounter } from './metrics/request-counter.ts';
import { parseOAuthClients } from './oauth/oauth-client.ts';
import { openRunNotifications } from './run/run-notifications.ts';
import type { ServiceEnvironment } from './settings.ts';
import { createVault } from './vault/create-vault.ts';
import { parseKeyRing } from './vault/key-ring.ts';
import { createSecretRegistry } from './vault/secret-registry.ts';

export interface OpenContext extends ServiceContext {
  /** Gives back every connection. Use cases that still run fail. */
  close(): Promise<void>;
}

/**
 * Composes what use cases need from validated settings: the one place where implementations are chosen. Connects
 * lazily, so a database that is still starting does not fail it. Throws `settings_invalid`.
 */
export function openContext(
  env: ServiceEnvironment,
  options: { name: string; logStream?: LogStream },
): OpenContext {
  const ring = parseKeyRing(env.ENCRYPTION_KEYS, env.NEXTAUTH_SECRET ? [env.NEXTAUTH_SECRET] : []);
  const secrets = createSecretRegistry();
  secrets.register(ownSecrets(env));
  const log = createLogger({ name: options.name, level: env.LOG_LEVEL, secrets, stream: options.logStream });
  const db = openDatabase(env.DATABASE_URL, { poolMax: env.DATABASE_POOL_MAX });
  const egress = createEgress({
    allow: env.EGRESS_ALLOW,
    deny: ownAddresses(env),
    connectMs: env.CONNECT_TIMEOUT_MS,
  });
  const queue = { databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL };
  const jobs = openJobQueue({ ...queue, log });
  const notifications = openRunNotifications({ databaseUrl: env.DATABASE_URL, log });
  const limits = createRateLimits(env.REDIS_URL ? openRedis(env.REDIS_URL) : null);
  return {
    db,
    vault: createVault(db, ring),
    secrets,
    jobs,
    blobs: openBlobStore(env.BLOB_URL ?? null, join(env.DATA_DIR, 'blobs')),
    notifications,
    egress,
    limits,
    requests: createRequestCounter(),
    log,
    settings: {
      publicUrl: env.NEXTAUTH_URL,
      dataDirectory: env.DATA_DIR,
      sampleDirectory: join(env.DATA_DIR, 'sample'),
      filesDirectory: env.FILES_DIRECTORY ?? null,
      connectMs: env.CONNECT_TIMEOUT_MS,
      requestMs: env.REQUEST_TIMEOUT_MS,
      queryMs: env.QUERY_TIMEOUT_MS,
      oauthClients: parseOAuthClients(env.OAUTH_CLIENTS),
      leaseMs: env.LEASE_MS,
      retryBaseMs: env.RETRY_BASE_MS,
      duckdbMemoryMb: env.DUCKDB_MEMORY_MB,
      chunkedRowsMin: env.CHUNKED_ROWS_MIN,
      metricsToken: env.METRICS_TOKEN ?? null,
    },
    async close() {
      await Promise.allSettled([jobs.close(), notifications.close(), limits.close(), egress.close()]);
      await db.$disconnect();
    },
  };
}

/** Settings that must not appear in a log either. */
function ownSecrets(env: ServiceEnvironment): string[] {
  const passwords = [env.DATABASE_URL, env.REDIS_URL].flatMap((url) => (url ? [new URL(url).password] : []));
  const keys = (env.ENCRYPTION_KEYS ?? '')
    .split(',')
    .map((entry) => entry.slice(entry.indexOf(':') + 1).trim());
  const clients = [...parseOAuthClients(env.OAUTH_CLIENTS).values()].map(({ secret }) => secret);
  return [
    ...passwords.map(decodeURIComponent),
    ...keys,
    ...clients,
    env.NEXTAUTH_SECRET ?? '',
    env.METRICS_TOKEN ?? '',
    env.AWS_SECRET_ACCESS_KEY ?? '',
  ];
}

/** Our own database, queue and console are never the target of a connection, whatever the operator allows. */
function ownAddresses(env: ServiceEnvironment): string[] {
  const defaultPorts: Record<string, number> = {
    'redis:': 6379,
    'rediss:': 6379,
    'http:': 80,
    'https:': 443,
  };
  return [env.DATABASE_URL, env.REDIS_URL, env.NEXTAUTH_URL].flatMap((text) => {
    if (!text) return [];
    const url = new URL(text);
    return [`${url.hostname || 'localhost'}:${url.port || (defaultPorts[url.protocol] ?? 5432)}`];
  });
}

/** Limits must answer at once: while Redis is away they are counted in memory. */
function openRedis(url: string): Redis {
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  // The limiter falls back by itself, and the job queue logs that Redis is away.
  redis.on('error', () => {});
  return redis;
}
