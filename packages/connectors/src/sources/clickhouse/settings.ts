import { SluiceError } from '@sluice/domain/error';
import type { ConfigField } from '@sluice/domain/field';
import type { Configuration } from '../../kit/source.ts';
import { readTunnel, type TunnelSettings, tunnelFields } from '../../kit/ssh/tunnel-fields.ts';
import type { Server } from '../../kit/way.ts';

/** How to reach and enter one ClickHouse server. */
export interface ClickHouseSettings {
  readonly url: URL;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** The SSH server by way of which it is reached; `null` = straight. */
  readonly tunnel: TunnelSettings | null;
}

/** Where it is, for the network. */
export const serverOf = ({ url: { hostname, port, protocol }, tunnel }: ClickHouseSettings): Server => ({
  host: hostname,
  port: Number(port || (protocol === 'https:' ? 443 : 80)),
  tunnel,
});

export const clickHouseFields: readonly ConfigField[] = [
  {
    name: 'url',
    label: 'Address',
    kind: 'text',
    help: 'Address of the HTTP interface, with its port: usually 8443 with https, 8123 without.',
    placeholder: 'https://abc123.eu-central-1.aws.clickhouse.cloud:8443',
    secret: false,
    required: true,
    guardsSecrets: true,
    namesPlace: true,
  },
  {
    name: 'database',
    label: 'Database',
    kind: 'text',
    help: 'The database that names without one are looked up in.',
    placeholder: 'default',
    secret: false,
    required: true,
    default: 'default',
    namesPlace: true,
  },
  {
    name: 'user',
    label: 'User',
    kind: 'text',
    help: 'A user made for Sluice, with no more rights than it needs.',
    placeholder: 'sluice_reader',
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
  ...tunnelFields,
];

/** Throws `input_invalid` that names each wrong field. */
export function readClickHouseSettings(configuration: Configuration): ClickHouseSettings {
  const text = (name: string): string => String(configuration[name] ?? '').trim();
  const given = text('url');
  const url = URL.canParse(given) ? new URL(given) : null;
  const fields: Record<string, string> = {};
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    fields['configuration.url'] = 'Enter a whole address, such as https://host:8443.';
  else if (url.username !== '' || url.password !== '' || url.search !== '')
    fields['configuration.url'] = 'Take user, password and parameters out of the address.';
  if (text('user') === '') fields['configuration.user'] = 'Enter the user.';
  const tunnel = readTunnel(configuration, fields);
  if (url === null || Object.keys(fields).length > 0)
    throw new SluiceError('input_invalid', 'The connection to ClickHouse is not complete.', { fields });
  return {
    url,
    database: text('database') || 'default',
    user: text('user'),
    password: String(configuration.password ?? ''),
    tunnel,
  };
}
