import { SluiceError } from '@sluice/domain/error';
import type { ConfigField } from '@sluice/domain/field';
import { type ClientCertificate, readClientCertificate } from './client-certificate.ts';
import type { Configuration } from './source.ts';
import { readTunnel, type TunnelSettings } from './ssh/tunnel-fields.ts';

export const pgSslModes = ['disable', 'require', 'verify-full'] as const;
export type PgSslMode = (typeof pgSslModes)[number];

/** How to reach and enter one PostgreSQL database. */
export interface PgSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly sslMode: PgSslMode;
  /** Certificates of the authority to trust, as PEM; `null` = the usual public authorities. */
  readonly sslCa: string | null;
  /** Shown to servers that ask for one. */
  readonly clientCertificate: ClientCertificate | null;
  /** The SSH server by way of which it is reached; `null` = straight. */
  readonly tunnel: TunnelSettings | null;
}

/** The fields of a PostgreSQL connection, the same for sources and destinations. */
export const pgFields: readonly ConfigField[] = [
  {
    name: 'host',
    label: 'Host',
    kind: 'text',
    help: 'Name or address of the server, without a scheme or a port. Sluice must be able to reach it, or the SSH server of a tunnel.',
    placeholder: 'db.example.com',
    secret: false,
    required: true,
    guardsSecrets: true,
    namesPlace: true,
  },
  {
    name: 'port',
    label: 'Port',
    kind: 'number',
    help: 'Usually 5432; 6432 for many connection poolers.',
    placeholder: '5432',
    secret: false,
    required: true,
    default: 5432,
    guardsSecrets: true,
    namesPlace: true,
  },
  {
    name: 'database',
    label: 'Database',
    kind: 'text',
    help: 'Name of the database on this server.',
    placeholder: 'analytics',
    secret: false,
    required: true,
    namesPlace: true,
  },
  {
    name: 'user',
    label: 'User',
    kind: 'text',
    help: 'A role made for Sluice, with no more rights than it needs.',
    placeholder: 'sluice',
    secret: false,
    required: true,
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
    name: 'sslMode',
    label: 'SSL mode',
    kind: 'select',
    help: 'How the connection is encrypted. Verify full is the only mode that notices an impostor.',
    secret: false,
    required: true,
    default: 'require',
    guardsSecrets: true,
    options: [
      {
        value: 'disable',
        label: 'Disable',
        help: 'No encryption. Only for servers in the same private network.',
      },
      {
        value: 'require',
        label: 'Require',
        help: 'Encrypted; the certificate of the server is not checked.',
      },
      {
        value: 'verify-full',
        label: 'Verify full',
        help: 'Encrypted; the certificate must be valid and made out to this host.',
      },
    ],
  },
  {
    name: 'sslCa',
    label: 'CA certificate',
    kind: 'textarea',
    help: 'PEM text of the authority that signed the certificate of the server. Empty = public authorities.',
    placeholder: '-----BEGIN CERTIFICATE-----',
    secret: false,
    required: false,
    visibleWhen: { field: 'sslMode', values: ['verify-full'] },
  },
];

/** Reads a PostgreSQL connection from its fields. Throws `input_invalid` that names each wrong field. */
export function readPgSettings(configuration: Configuration): PgSettings {
  const fields: Record<string, string> = {};
  const text = (name: string, message: string): string => {
    const value = configuration[name];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    fields[`configuration.${name}`] = message;
    return '';
  };
  const host = text('host', 'Enter the host of the server.');
  // A slash would mean a local socket, a comma several hosts: neither may pass the egress guard.
  if (/[/\\,?#@\s]/.test(host)) {
    fields['configuration.host'] = 'Enter only the host, such as db.example.com.';
  }
  const port = Number(configuration.port ?? 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    fields['configuration.port'] = 'Enter a port from 1 to 65535.';
  }
  const sslMode = pgSslModes.find((mode) => mode === (configuration.sslMode ?? 'require'));
  if (!sslMode) fields['configuration.sslMode'] = `Choose one of ${pgSslModes.join(', ')}.`;
  const sslCa = typeof configuration.sslCa === 'string' ? configuration.sslCa.trim() : '';
  if (sslMode === 'verify-full' && sslCa !== '' && !sslCa.includes('-----BEGIN CERTIFICATE-----')) {
    fields['configuration.sslCa'] = 'Paste the certificate as PEM text, with its BEGIN and END lines.';
  }
  const clientCertificate = sslMode === 'disable' ? null : readClientCertificate(configuration, fields);
  const tunnel = readTunnel(configuration, fields);
  const database = text('database', 'Enter the name of the database.');
  const user = text('user', 'Enter the user to sign in as.');
  if (Object.keys(fields).length > 0 || !sslMode) {
    throw new SluiceError('input_invalid', 'The connection is not complete.', { fields });
  }
  const password = typeof configuration.password === 'string' ? configuration.password : '';
  return {
    host,
    port,
    database,
    user,
    password,
    sslMode,
    sslCa: sslCa === '' ? null : sslCa,
    clientCertificate,
    tunnel,
  };
}
