import { SluiceError } from '@sluice/domain/error';
import type { ConfigField } from '@sluice/domain/field';
import type { Configuration } from '../../kit/source.ts';
import { readFingerprint } from '../../kit/ssh/host-key.ts';

/** A server, a way in, and a folder. */
export interface SftpSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly login:
    | { readonly password: string }
    | { readonly privateKey: string; readonly passphrase: string | null };
  /** `SHA256:…`; `null` = not confirmed by anybody yet. */
  readonly hostKey: string | null;
  /** Ends with a slash, or is empty: the folder one signs in to. */
  readonly directory: string;
}

const signsInWith = (value: string) => ({ field: 'authentication', values: [value] });

export const sftpFields: readonly ConfigField[] = [
  {
    name: 'host',
    label: 'Host',
    kind: 'text',
    help: 'Name or address of the server.',
    placeholder: 'sftp.example.com',
    secret: false,
    required: true,
    guardsSecrets: true,
    namesPlace: true,
  },
  {
    name: 'port',
    label: 'Port',
    kind: 'number',
    help: 'Usually 22.',
    placeholder: '22',
    secret: false,
    required: true,
    default: 22,
    guardsSecrets: true,
    namesPlace: true,
  },
  {
    name: 'hostKey',
    label: 'Host key',
    kind: 'text',
    help: "Fingerprint of the server's key. Leave it empty at first: Test connection shows it, to be compared with what the server's owner says.",
    placeholder: 'SHA256:uNiVztksCsDhcc0u9e8BrZLdjQmcKZBoHcZEOTxZ3wQ',
    secret: false,
    required: false,
    guardsSecrets: true,
  },
  {
    name: 'user',
    label: 'User',
    kind: 'text',
    help: 'Who signs in.',
    placeholder: 'sluice',
    secret: false,
    required: true,
    namesPlace: true,
  },
  {
    name: 'authentication',
    label: 'Sign in with',
    kind: 'select',
    help: 'A key is the better choice where the server takes one.',
    secret: false,
    required: true,
    default: 'password',
    options: [
      { value: 'password', label: 'Password' },
      { value: 'key', label: 'Private key' },
    ],
  },
  {
    name: 'password',
    label: 'Password',
    kind: 'password',
    help: 'Stored encrypted and never shown again.',
    secret: true,
    required: true,
    visibleWhen: signsInWith('password'),
  },
  {
    name: 'privateKey',
    label: 'Private key',
    kind: 'textarea',
    help: 'In the form of OpenSSH or PEM. Stored encrypted and never shown again.',
    placeholder: '-----BEGIN OPENSSH PRIVATE KEY-----',
    secret: true,
    required: true,
    visibleWhen: signsInWith('key'),
  },
  {
    name: 'passphrase',
    label: 'Passphrase',
    kind: 'password',
    help: 'Of the private key. Empty = it has none.',
    secret: true,
    required: false,
    visibleWhen: signsInWith('key'),
  },
  {
    name: 'directory',
    label: 'Folder',
    kind: 'text',
    help: 'Where files are put; folders in it are made as they are needed. Empty = the folder one signs in to.',
    placeholder: '/upload',
    secret: false,
    required: false,
  },
];

/** Reads a server from its fields. Throws `input_invalid` that names each wrong field. */
export function readSftpSettings(configuration: Configuration): SftpSettings {
  const fields: Record<string, string> = {};
  const secret = (name: string): string => {
    const value = configuration[name];
    return typeof value === 'string' ? value : '';
  };
  const text = (name: string): string => secret(name).trim();
  const host = text('host');
  if (host === '' || /[/\\,?#@\s]/.test(host)) {
    fields['configuration.host'] = 'Enter only the host, such as sftp.example.com.';
  }
  const port = Number(configuration.port ?? 22);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    fields['configuration.port'] = 'Enter a port from 1 to 65535.';
  }
  const hostKey = readFingerprint(text('hostKey'));
  if (text('hostKey') !== '' && hostKey === null) {
    fields['configuration.hostKey'] = 'Enter SHA256: and 43 characters, as ssh-keygen -l shows it.';
  }
  const user = text('user');
  if (user === '') fields['configuration.user'] = 'User is missing.';
  const byKey = text('authentication') === 'key';
  const login = byKey
    ? { privateKey: text('privateKey'), passphrase: secret('passphrase') || null }
    : { password: secret('password') };
  if ('privateKey' in login ? login.privateKey === '' : login.password === '') {
    fields[`configuration.${byKey ? 'privateKey' : 'password'}`] =
      `${byKey ? 'Private key' : 'Password'} is missing.`;
  }
  const directory = text('directory').replace(/\/+$/, '');
  if (/(^|\/)\.{1,2}(\/|$)/.test(directory)) {
    fields['configuration.directory'] = 'Write the folder without . and .. in it.';
  }
  if (Object.keys(fields).length > 0) {
    throw new SluiceError('input_invalid', 'The connection is not complete.', { fields });
  }
  const root = text('directory').startsWith('/');
  return {
    ...{ host, port, user, login, hostKey },
    directory: directory === '' ? (root ? '/' : '') : `${directory}/`,
  };
}
