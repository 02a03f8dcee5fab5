import { SluiceError } from '@sluice/domain/error';
import type { ConfigField } from '@sluice/domain/field';
import { pgFields } from '../../kit/pg-settings.ts';
import type { Configuration } from '../../kit/source.ts';

/** How to reach and enter one Redis database. */
export interface RedisSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string | null;
  readonly password: string | null;
  readonly database: number;
  readonly sslMode: 'disable' | 'require' | 'verify-full';
  readonly sslCa: string | null;
}

const shared = pgFields.filter(({ name }) => ['sslMode', 'sslCa'].includes(name));
const host = pgFields.filter(({ name }) => name === 'host');

export const redisFields: readonly ConfigField[] = [
  ...host.map((field) => ({ ...field, placeholder: 'cache.example.com' })),
  {
    name: 'port',
    label: 'Port',
    kind: 'number',
    help: 'Usually 6379; 6380 for many servers with TLS.',
    placeholder: '6379',
    secret: false,
    required: true,
    default: 6379,
    guardsSecrets: true,
    namesPlace: true,
  },
  {
    name: 'user',
    label: 'User',
    kind: 'text',
    help: 'For servers with access control lists (Redis 6 or newer). Empty = the default user.',
    placeholder: 'sluice',
    secret: false,
    required: false,
  },
  {
    name: 'password',
    label: 'Password',
    kind: 'password',
    help: 'Stored encrypted and never shown again. Leave it empty if the server asks for none.',
    secret: true,
    required: false,
  },
  {
    name: 'database',
    label: 'Database number',
    kind: 'number',
    help: 'The logical database, 0 unless you use several.',
    placeholder: '0',
    secret: false,
    required: true,
    default: 0,
    namesPlace: true,
  },
  ...shared,
];

/** Reads a server from its fields. Throws `input_invalid` that names each wrong field. */
export function readRedisSettings(configuration: Configuration): RedisSettings {
  const fields: Record<string, string> = {};
  const text = (name: string): string => {
    const value = configuration[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const name = text('host');
  // A slash would mean a local socket: it may not pass the egress guard.
  if (name === '' || /[/\\,?#@\s]/.test(name)) {
    fields['configuration.host'] = 'Enter only the host, such as cache.example.com.';
  }
  const port = Number(configuration.port ?? 6379);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    fields['configuration.port'] = 'Enter a port from 1 to 65535.';
  }
  const database = Number(configuration.database ?? 0);
  if (!Number.isInteger(database) || database < 0 || database > 1_023) {
    fields['configuration.database'] = 'Enter a number from 0 to 1023.';
  }
  const modes = ['disable', 'require', 'verify-full'] as const;
  const sslMode = modes.find((mode) => mode === (configuration.sslMode ?? 'require'));
  if (!sslMode) fields['configuration.sslMode'] = `Choose one of ${modes.join(', ')}.`;
  if (Object.keys(fields).length > 0 || !sslMode) {
    throw new SluiceError('input_invalid', 'The connection is not complete.', { fields });
  }
  const password = typeof configuration.password === 'string' ? configuration.password : '';
  return {
    host: name,
    port,
    user: text('user') || null,
    password: password === '' ? null : password,
    database,
    sslMode,
    sslCa: text('sslCa') || null,
  };
}
