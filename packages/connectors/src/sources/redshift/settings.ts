import { SluiceError } from '@sluice/domain/error';
import type { ConfigField } from '@sluice/domain/field';
import { type PgSettings, pgFields, readPgSettings } from '../../kit/pg-settings.ts';
import type { Configuration } from '../../kit/source.ts';
import { tunnelFields } from '../../kit/ssh/tunnel-fields.ts';
import type { BucketSettings } from '../../kit/stored-files/settings.ts';
import { iamFields } from './iam/fields.ts';
import { unloadFields } from './unload/fields.ts';

/** A cluster or a workgroup, and how its results are read. */
export interface RedshiftSettings extends PgSettings {
  /** Whose key is exchanged for user and password; `null`: the user has a password. */
  readonly iam: IamSettings | null;
  /** Where whole results are written to; `null`: they come through a cursor. */
  readonly unload: UnloadSettings | null;
}

export interface IamSettings {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly endpoint: URL | null;
  readonly database: { readonly cluster: string } | { readonly workgroup: string };
}

export interface UnloadSettings {
  readonly bucket: BucketSettings;
  /** ARN, or `default`. */
  readonly role: string;
}

const port = 5439;

/** What Redshift says otherwise than PostgreSQL, whose wire it speaks. */
const differences: Readonly<Record<string, Partial<ConfigField>>> = {
  host: {
    help: 'Endpoint of the cluster or the workgroup, without port and database. Sluice must be able to reach it.',
    placeholder: 'acme.abc123.eu-west-1.redshift.amazonaws.com',
  },
  port: { help: 'Usually 5439.', placeholder: String(port), default: port },
  database: { help: 'Its schemas are listed.', placeholder: 'dev' },
  user: {
    help: 'A database user made for Sluice, with no more rights than it needs.',
    placeholder: 'sluice_reader',
    visibleWhen: { field: 'authentication', values: ['password', 'iam_cluster'] },
  },
  password: {
    help: 'Stored encrypted and never shown again.',
    required: true,
    visibleWhen: { field: 'authentication', values: ['password'] },
  },
};

const [connection, credentials] = [
  pgFields.filter(({ name }) => !['user', 'password'].includes(name)),
  pgFields.filter(({ name }) => ['user', 'password'].includes(name)),
];
const [signIn, ...iamDetails] = iamFields;

export const redshiftFields: readonly ConfigField[] = [
  ...connection.slice(0, 3),
  ...(signIn ? [signIn] : []),
  ...credentials,
  ...iamDetails,
  ...connection.slice(3),
  ...tunnelFields,
  ...unloadFields,
].map((field) => ({ ...field, ...differences[field.name] }));

/** Reads a cluster from its fields. Throws `input_invalid` that names each wrong field. */
export function readRedshiftSettings(configuration: Configuration): RedshiftSettings {
  const authentication = String(configuration.authentication ?? 'password');
  const serverless = authentication === 'iam_serverless';
  const pg = readPgSettings({
    ...configuration,
    port: configuration.port ?? port,
    // A workgroup makes the user up from the key.
    ...(serverless && { user: 'IAM' }),
  });
  const wrong: Record<string, string> = {};
  const text = (name: string): string => String(configuration[name] ?? '').trim();
  const filled = (name: string): string => {
    if (text(name) === '') wrong[`configuration.${name}`] = 'Fill this in.';
    return text(name);
  };
  const endpoint = (name: string): URL | null => {
    if (text(name) === '') return null;
    const url = URL.canParse(text(name)) ? new URL(text(name)) : null;
    if (url && ['http:', 'https:'].includes(url.protocol)) return url;
    wrong[`configuration.${name}`] = 'Enter an https address.';
    return null;
  };
  const iam: IamSettings | null =
    authentication === 'password'
      ? null
      : {
          region: filled('iamRegion'),
          accessKeyId: filled('iamAccessKeyId'),
          secretAccessKey: filled('iamSecretAccessKey'),
          endpoint: endpoint('iamEndpoint'),
          database: serverless ? { workgroup: filled('workgroup') } : { cluster: filled('cluster') },
        };
  const unload: UnloadSettings | null =
    configuration.results !== 'unload'
      ? null
      : {
          bucket: {
            name: filled('unloadBucket'),
            prefix: text('unloadFolder')
              .replace(/^\/+/, '')
              .replace(/([^/])$/, '$1/'),
            region: filled('unloadRegion'),
            endpoint: endpoint('unloadEndpoint'),
            accessKeyId: filled('unloadAccessKeyId'),
            secretAccessKey: filled('unloadSecretAccessKey'),
          },
          role: filled('unloadRole'),
        };
  // They stand in a statement, where a quote would end them.
  for (const [name, pattern] of Object.entries(inStatements))
    if (unload !== null && !pattern.test(text(name)))
      wrong[`configuration.${name}`] ??= 'This has characters that cannot stand here.';
  if (Object.keys(wrong).length > 0)
    throw new SluiceError('input_invalid', 'The connection is not complete.', { fields: wrong });
  return { ...pg, iam, unload };
}

const inStatements: Readonly<Record<string, RegExp>> = {
  unloadBucket: /^[a-z0-9.-]+$/,
  unloadFolder: /^[\w!.*()/=-]*$/,
  unloadRegion: /^[a-z0-9-]+$/,
  unloadRole: /^(default|arn:[\w+=,.@:/-]+)$/,
};
