import { resolve } from 'node:path';
import { SluiceError } from '@sluice/domain/error';
import { z } from 'zod';

const optional = z.string().min(1).optional();
const milliseconds = (fallback: number) => z.coerce.number().int().min(10).max(3_600_000).default(fallback);

/** The environment that every process of Sluice understands; each app adds its own variables in its `env.ts`. */
export const ServiceEnvironment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' }),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// URL' }).optional(),
  BLOB_URL: z
    .url({ protocol: /^(file|s3)$/, error: 'must be a file:// URL, or s3://bucket/prefix' })
    .optional(),
  DATA_DIR: z
    .string()
    .min(1)
    .default('.data')
    .transform((path) => resolve(path)),
  FILES_DIRECTORY: z
    .string()
    .min(1)
    .transform((path) => resolve(path))
    .optional(),
  ENCRYPTION_KEYS: optional,
  NEXTAUTH_SECRET: optional,
  NEXTAUTH_URL: z
    .url({ protocol: /^https?$/, error: 'must be the http:// or https:// address of the console' })
    .default('http://localhost:3000')
    .transform((url) => url.replace(/\/+$/, '')),
  EGRESS_ALLOW: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((entry) => entry.trim())
        .filter(Boolean),
    ),
  CONNECT_TIMEOUT_MS: milliseconds(10_000),
  REQUEST_TIMEOUT_MS: milliseconds(60_000),
  QUERY_TIMEOUT_MS: milliseconds(3_600_000),
  LEASE_MS: milliseconds(30_000),
  RETRY_BASE_MS: milliseconds(500),
  DUCKDB_MEMORY_MB: z.coerce.number().int().min(64).max(65_536).default(128),
  CHUNKED_ROWS_MIN: z.coerce.number().int().min(1).default(20_000),
  DATABASE_POOL_MAX: z.coerce.number().int().min(2).max(200).default(10),
  OAUTH_CLIENTS: z.string().default(''),
  AWS_SECRET_ACCESS_KEY: optional,
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});
export type ServiceEnvironment = z.infer<typeof ServiceEnvironment>;

/**
 * Reads settings by a schema; an empty variable counts as not set. Throws `settings_invalid` that names every wrong
 * variable and never shows a value.
 */
export function readSettings<Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined>,
): z.infer<Schema> {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return set[name] === undefined ? `${name} is not set` : `${name} ${issue.message}`;
  });
  throw new SluiceError('settings_invalid', `These settings are missing or wrong: ${problems.join('; ')}.`);
}
