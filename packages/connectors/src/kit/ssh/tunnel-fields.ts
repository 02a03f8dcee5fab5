import type { ConfigField } from '@sluice/domain/field';
import type { Configuration } from '../source.ts';
import { readFingerprint } from './host-key.ts';

/** An SSH server by way of which a database is reached: a bastion. */
export interface TunnelSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `SHA256:…`; `null` = not confirmed by anybody yet. */
  readonly hostKey: string | null;
}

const tunnelled = { field: 'tunnel', values: [true] };

/** For databases that only an SSH server can reach, the same for sources and destinations. */
export const tunnelFields: readonly ConfigField[] = [
  {
    name: 'tunnel',
    label: 'SSH tunnel',
    kind: 'checkbox',
    help: 'Reach the database by way of an SSH server. The address of the database is then the one that the SSH server knows it by.',
    secret: false,
    required: false,
    default: false,
    guardsSecrets: true,
    namesPlace: true,
  },
  {
    name: 'tunnelHost',
    label: 'SSH host',
    kind: 'text',
    help: 'Name or address of the SSH server. Sluice must be able to reach it.',
    placeholder: 'bastion.example.com',
    secret: false,
    required: true,
    guardsSecrets: true,
    namesPlace: true,
    visibleWhen: tunnelled,
  },
  {
    name: 'tunnelPort',
    label: 'SSH port',
    kind: 'number',
    help: 'Usually 22.',
    placeholder: '22',
    secret: false,
    required: true,
    default: 22,
    guardsSecrets: true,
    visibleWhen: tunnelled,
  },
  {
    name: 'tunnelUser',
    label: 'SSH user',
    kind: 'text',
    help: 'An account made for Sluice on the SSH server, which needs no shell. Sluice signs in with the key of this workspace.',
    placeholder: 'sluice',
    secret: false,
    required: true,
    showsWorkspaceKey: true,
    visibleWhen: tunnelled,
  },
  {
    name: 'tunnelHostKey',
    label: 'SSH host key',
    kind: 'text',
    help: "Fingerprint of the SSH server's key. Leave it empty at first: Test connection shows it, to be compared with what the server's owner says. Nothing goes through a server whose key is another one.",
    placeholder: 'SHA256:uNiVztksCsDhcc0u9e8BrZLdjQmcKZBoHcZEOTxZ3wQ',
    secret: false,
    required: false,
    guardsSecrets: true,
    visibleWhen: tunnelled,
  },
];

/** The tunnel of a connection, `null` without one. What is wrong with it is put into `problems`, under the name of the field. */
export function readTunnel(
  configuration: Configuration,
  problems: Record<string, string>,
): TunnelSettings | null {
  if (configuration.tunnel !== true) return null;
  const text = (name: string): string => String(configuration[name] ?? '').trim();
  const [host, user, hostKey] = [text('tunnelHost'), text('tunnelUser'), text('tunnelHostKey')];
  if (host === '' || /[/\\,?#@\s]/.test(host))
    problems['configuration.tunnelHost'] = 'Enter only the host, such as bastion.example.com.';
  const port = Number(configuration.tunnelPort ?? 22);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    problems['configuration.tunnelPort'] = 'Enter a port from 1 to 65535.';
  if (user === '') problems['configuration.tunnelUser'] = 'Enter the user to sign in as at the SSH server.';
  const fingerprint = readFingerprint(hostKey);
  if (hostKey !== '' && fingerprint === null)
    problems['configuration.tunnelHostKey'] = 'Enter SHA256: and 43 characters, as ssh-keygen -l shows it.';
  return { host, port, user, hostKey: fingerprint };
}
