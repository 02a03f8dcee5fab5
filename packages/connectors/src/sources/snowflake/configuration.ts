import { createPrivateKey } from 'node:crypto';
import { SluiceError } from '@sluice/domain/error';
import type { ConfigField } from '@sluice/domain/field';
import type { Configuration } from '../../kit/source.ts';

/** How to reach and enter a Snowflake account. */
export interface SnowflakeSettings {
  /** `myorg-account1`. */
  readonly account: string;
  /** Origin of the account: `https://myorg-account1.snowflakecomputing.com`. */
  readonly url: URL;
  /** Empty where somebody signed in at Snowflake: the access says who. */
  readonly user: string;
  readonly credentials:
    | { readonly kind: 'key_pair'; readonly privateKey: string }
    | { readonly kind: 'password'; readonly password: string }
    | { readonly kind: 'token'; readonly token: string }
    | { readonly kind: 'oauth' };
  readonly role: string | null;
  readonly warehouse: string;
  readonly database: string;
  readonly schema: string | null;
}

const signsInWith = (...values: string[]) => ({ field: 'authentication', values });

/** https://docs.snowflake.com/en/user-guide/admin-account-identifier (read 2026-11-22) */
export const snowflakeFields: readonly ConfigField[] = [
  {
    name: 'account',
    label: 'Account identifier',
    kind: 'text',
    help: 'Organisation and account, joined by a hyphen, as Snowsight shows it under Account details.',
    placeholder: 'myorg-account1',
    secret: false,
    required: true,
    guardsSecrets: true,
    namesPlace: true,
  },
  {
    name: 'accountUrl',
    label: 'Account URL',
    kind: 'text',
    help: 'Only for private connectivity or a proxy of yours. Empty = the account’s public address.',
    placeholder: 'https://myorg-account1.privatelink.snowflakecomputing.com',
    secret: false,
    required: false,
    guardsSecrets: true,
  },
  {
    name: 'user',
    label: 'User',
    kind: 'text',
    help: 'A service user made for Sluice, with no more rights than it needs.',
    placeholder: 'SLUICE_READER',
    secret: false,
    required: true,
    visibleWhen: signsInWith('key_pair', 'token', 'password'),
  },
  {
    name: 'authentication',
    label: 'Sign in with',
    kind: 'select',
    help: 'Snowflake is shutting off passwords alone for service users; a key pair lasts.',
    secret: false,
    required: true,
    default: 'key_pair',
    options: [
      { value: 'key_pair', label: 'Key pair', help: 'The public half is set on the user in Snowflake.' },
      { value: 'token', label: 'Programmatic access token', help: 'Made for the user in Snowsight.' },
      { value: 'password', label: 'Password', help: 'For accounts that still allow it.' },
      { value: 'oauth', label: 'Sign in at Snowflake', help: 'The access of whoever signs in now.' },
    ],
  },
  {
    name: 'privateKey',
    label: 'Private key',
    kind: 'textarea',
    help: 'PEM text of an RSA key of 2048 bits or more. Stored encrypted and never shown again.',
    placeholder: '-----BEGIN PRIVATE KEY-----',
    secret: true,
    required: true,
    visibleWhen: signsInWith('key_pair'),
  },
  {
    name: 'passphrase',
    label: 'Passphrase',
    kind: 'password',
    help: 'Only if the private key is encrypted.',
    secret: true,
    required: false,
    visibleWhen: signsInWith('key_pair'),
  },
  {
    name: 'token',
    label: 'Access token',
    kind: 'password',
    help: 'Stored encrypted and never shown again.',
    secret: true,
    required: true,
    visibleWhen: signsInWith('token'),
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
    name: 'grant',
    label: 'Snowflake user',
    kind: 'grant',
    help: 'Opens Snowflake in a new tab. Sign in there, and come back.',
    secret: false,
    required: true,
    visibleWhen: signsInWith('oauth'),
  },
  {
    name: 'role',
    label: 'Role',
    kind: 'text',
    help: 'The role that queries run under. Empty = the user’s default role.',
    placeholder: 'SLUICE_READER',
    secret: false,
    required: false,
  },
  {
    name: 'warehouse',
    label: 'Warehouse',
    kind: 'text',
    help: 'The warehouse that computes. An extra-small one that suspends after a minute is enough for most.',
    placeholder: 'SLUICE_WH',
    secret: false,
    required: true,
  },
  {
    name: 'database',
    label: 'Database',
    kind: 'text',
    help: 'Its schemas are listed; tables of other databases can be named in queries.',
    placeholder: 'ANALYTICS',
    secret: false,
    required: true,
    namesPlace: true,
  },
  {
    name: 'schema',
    label: 'Schema',
    kind: 'text',
    help: 'Where names without a schema are looked up. Empty = PUBLIC.',
    placeholder: 'PUBLIC',
    secret: false,
    required: false,
  },
];

/** Reads an account from its fields. Throws `input_invalid` that names each wrong field. */
export function readSnowflakeSettings(configuration: Configuration): SnowflakeSettings {
  const fields: Record<string, string> = {};
  const text = (name: string): string => {
    const value = configuration[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const needed = (name: string, message: string): string => {
    const value = text(name);
    if (value === '') fields[`configuration.${name}`] = message;
    return value;
  };
  const account = needed('account', 'Enter the account identifier.');
  if (account !== '' && !/^[a-z0-9][a-z0-9_.-]*$/i.test(account)) {
    fields['configuration.account'] = 'Enter only the identifier, such as myorg-account1.';
  }
  const url = urlOf(text('accountUrl'), account);
  if (!url) fields['configuration.accountUrl'] = 'Enter a whole https:// address without a path.';
  const settings = {
    account,
    user: text('authentication') === 'oauth' ? '' : needed('user', 'Enter the user to sign in as.'),
    warehouse: needed('warehouse', 'Enter the warehouse that computes.'),
    database: needed('database', 'Enter the database to read.'),
    role: text('role') || null,
    schema: text('schema') || null,
  };
  const credentials = readCredentials(text, fields);
  if (Object.keys(fields).length > 0 || !url || !credentials) {
    throw new SluiceError('input_invalid', 'The connection is not complete.', { fields });
  }
  return { ...settings, url, credentials };
}

function urlOf(given: string, account: string): URL | null {
  // Underscores of an account name are hyphens in its host name.
  const address = given || `https://${account.toLowerCase().replaceAll('_', '-')}.snowflakecomputing.com`;
  const url = URL.canParse(address) ? new URL(address) : null;
  const plain =
    url && url.username === '' && url.password === '' && url.pathname === '/' && url.search === '';
  return plain && url.protocol === 'https:' ? url : null;
}

function readCredentials(
  text: (name: string) => string,
  fields: Record<string, string>,
): SnowflakeSettings['credentials'] | null {
  const kind = text('authentication') || 'key_pair';
  switch (kind) {
    case 'password':
      if (text('password') === '') fields['configuration.password'] = 'Enter the password.';
      return { kind, password: text('password') };
    case 'token':
      if (text('token') === '') fields['configuration.token'] = 'Enter the access token.';
      return { kind, token: text('token') };
    case 'oauth':
      return { kind };
    case 'key_pair':
      try {
        return { kind, privateKey: plainKey(text('privateKey'), text('passphrase')) };
      } catch {
        fields['configuration.privateKey'] =
          'Paste an RSA private key as PEM text, with its BEGIN and END lines, and its passphrase if it has one.';
        return null;
      }
    default:
      fields['configuration.authentication'] = 'Choose key_pair, token, password or oauth.';
      return null;
  }
}

/** The key in the one form that the driver takes. Throws for anything that is not an RSA private key. */
function plainKey(pem: string, passphrase: string): string {
  const key = createPrivateKey({ key: pem, ...(passphrase !== '' && { passphrase }) });
  if (key.asymmetricKeyType !== 'rsa') throw new Error('not an RSA key');
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
