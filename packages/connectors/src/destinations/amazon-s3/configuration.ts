import { SluiceError } from '@sluice/domain/error';
import type { ConfigField } from '@sluice/domain/field';
import type { Configuration } from '../../kit/source.ts';

/** Where files are put, and by whom. */
export interface S3Settings {
  readonly bucket: string;
  readonly region: string;
  /** Ends with a slash, or is empty. */
  readonly prefix: string;
  /** `null` = Amazon's own. */
  readonly endpoint: string | null;
  readonly pathStyle: boolean;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly role: { readonly arn: string; readonly externalId: string | null } | null;
  readonly encryption: 'default' | 'AES256' | 'aws:kms';
  readonly kmsKeyId: string | null;
}

const text = (field: Omit<ConfigField, 'kind' | 'secret'>): ConfigField => ({
  kind: 'text',
  secret: false,
  ...field,
});

export const s3Fields: readonly ConfigField[] = [
  text({
    name: 'bucket',
    label: 'Bucket',
    help: 'Its name alone, without s3://.',
    placeholder: 'acme-exports',
    required: true,
    namesPlace: true,
  }),
  text({
    name: 'region',
    label: 'Region',
    help: 'Where the bucket lives. Other providers: auto for Cloudflare R2, us-east-1 for most.',
    placeholder: 'eu-central-1',
    required: true,
    default: 'us-east-1',
    namesPlace: true,
  }),
  text({
    name: 'prefix',
    label: 'Folder',
    help: 'Put before the name of every file. Empty = the top of the bucket.',
    placeholder: 'sluice/',
    required: false,
  }),
  text({
    name: 'accessKeyId',
    label: 'Access key id',
    help: 'Of a user who may put objects into the bucket, or assume the role below.',
    placeholder: 'AKIAIOSFODNN7EXAMPLE',
    required: true,
  }),
  {
    name: 'secretAccessKey',
    label: 'Secret access key',
    kind: 'password',
    help: 'Stored encrypted and never shown again.',
    secret: true,
    required: true,
  },
  text({
    name: 'roleArn',
    label: 'Role to assume',
    help: 'Files are put with the rights of this role, whose keys last an hour and are renewed. Empty = with those of the user.',
    placeholder: 'arn:aws:iam::123456789012:role/sluice',
    required: false,
  }),
  text({
    name: 'externalId',
    label: 'External id',
    help: 'What the trust policy of the role asks for as sts:ExternalId.',
    placeholder: 'a long random text',
    required: false,
  }),
  text({
    name: 'endpoint',
    label: 'Endpoint',
    help: 'For other stores that speak S3: MinIO, Cloudflare R2, Google Cloud Storage. Empty = Amazon.',
    placeholder: 'https://account.r2.cloudflarestorage.com',
    required: false,
    guardsSecrets: true,
    namesPlace: true,
  }),
  {
    name: 'pathStyle',
    label: 'Bucket in the path of addresses, not in their host name',
    kind: 'checkbox',
    help: 'MinIO and most stores of your own need it.',
    secret: false,
    required: false,
    default: false,
  },
  {
    name: 'encryption',
    label: 'Encryption at rest',
    kind: 'select',
    help: 'Who holds the key of the files.',
    secret: false,
    required: true,
    default: 'default',
    options: [
      { value: 'default', label: 'As the bucket says' },
      { value: 'AES256', label: 'A key of S3 (SSE-S3)' },
      { value: 'aws:kms', label: 'A key of KMS (SSE-KMS)' },
    ],
  },
  {
    ...text({
      name: 'kmsKeyId',
      label: 'KMS key',
      help: 'Its ARN. Empty = the key of AWS for S3.',
      placeholder: 'arn:aws:kms:eu-central-1:123456789012:key/…',
      required: false,
    }),
    visibleWhen: { field: 'encryption', values: ['aws:kms'] },
  },
];

/** Reads a bucket from its fields. Throws `input_invalid` that names each wrong field. */
export function readS3Settings(configuration: Configuration): S3Settings {
  const fields: Record<string, string> = {};
  const value = (name: string): string => {
    const given = configuration[name];
    return typeof given === 'string' ? given.trim() : '';
  };
  const bucket = value('bucket');
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (2026-11)
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    fields['configuration.bucket'] =
      'Enter only the name: 3 to 63 lower-case letters, digits, points and hyphens.';
  }
  const region = value('region');
  if (!/^[a-z0-9-]{2,40}$/.test(region)) {
    fields['configuration.region'] = 'Enter a region such as eu-central-1.';
  }
  const prefix = value('prefix').replace(/^\/+/, '');
  if (/(^|\/)\.{1,2}(\/|$)|\/\//.test(prefix)) {
    fields['configuration.prefix'] = 'Write folders without empty parts.';
  }
  const endpoint = value('endpoint').replace(/\/+$/, '');
  if (endpoint !== '' && !isEndpoint(endpoint)) {
    fields['configuration.endpoint'] = 'Enter an address such as https://minio.example.com, without a path.';
  }
  const roleArn = value('roleArn');
  if (roleArn !== '' && !/^arn:[\w-]+:iam::\d*:role\/.+$/.test(roleArn)) {
    fields['configuration.roleArn'] = 'Enter the ARN of a role: arn:aws:iam::123456789012:role/name.';
  }
  const accessKeyId = value('accessKeyId');
  if (accessKeyId === '') fields['configuration.accessKeyId'] = 'Access key id is missing.';
  const secretAccessKey = value('secretAccessKey');
  if (secretAccessKey === '') fields['configuration.secretAccessKey'] = 'Secret access key is missing.';
  if (Object.keys(fields).length > 0) {
    throw new SluiceError('input_invalid', 'The connection is not complete.', { fields });
  }
  const encryption = value('encryption');
  return {
    bucket,
    region,
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
    endpoint: endpoint || null,
    pathStyle: configuration.pathStyle === true,
    accessKeyId,
    secretAccessKey,
    role: roleArn === '' ? null : { arn: roleArn, externalId: value('externalId') || null },
    encryption: encryption === 'AES256' || encryption === 'aws:kms' ? encryption : 'default',
    kmsKeyId: value('kmsKeyId') || null,
  };
}

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname, search } = new URL(text);
  const plain = username === '' && password === '' && pathname === '/' && search === '';
  return plain && (protocol === 'https:' || protocol === 'http:');
}
