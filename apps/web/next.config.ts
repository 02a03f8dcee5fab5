import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const root = fileURLToPath(new URL('../..', import.meta.url));

const config: NextConfig = {
  turbopack: { root },
  // A clone is built once; writing the cache would take longer than it saves.
  experimental: { turbopackFileSystemCacheForBuild: false },
  outputFileTracingRoot: root,
  transpilePackages: [
    '@sluice/api',
    '@sluice/connectors',
    '@sluice/db',
    '@sluice/domain',
    '@sluice/engine',
    '@sluice/services',
    '@sluice/ui',
  ],
  // Native modules, and modules that look for files beside themselves: Node loads them, the bundler does not.
  serverExternalPackages: [
    '@aws-sdk/client-redshift',
    '@aws-sdk/client-redshift-serverless',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-sts',
    '@aws-sdk/lib-storage',
    'hyparquet-writer',
    'kafkajs',
    'ssh2',
    'mysql2',
    'snowflake-sdk',
    '@google-cloud/bigquery',
    'apache-arrow',
    '@duckdb/node-api',
    '@node-rs/argon2',
    '@prisma/adapter-pg',
    '@prisma/client',
    '@prisma/schema-engine-wasm',
    'bullmq',
    'ioredis',
    'liquidjs',
    'pg',
    'pg-copy-streams',
    'pg-cursor',
    'pino',
    'rate-limiter-flexible',
    'undici',
  ],
  // `npm run types` checks the whole repository at once.
  typescript: { ignoreBuildErrors: true },
  // Clients of the API write slashes at the end of paths, and some of them take a redirect for a failure.
  skipTrailingSlashRedirect: true,
  poweredByHeader: false,
  reactStrictMode: true,
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'X-Frame-Options', value: 'DENY' },
        { key: 'Referrer-Policy', value: 'same-origin' },
        { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=()' },
        { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
      ],
    },
    {
      // Answers for programs: a browser that opens one shows it, and runs, loads and frames nothing.
      source: '/api/:path*',
      headers: [
        { key: 'Content-Security-Policy', value: "default-src 'none'; frame-ancestors 'none'" },
        { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
      ],
    },
  ],
};

export default config;
