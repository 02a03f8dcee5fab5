import type { ConfigField } from '@sluice/domain/field';

const iam = { field: 'authentication', values: ['iam_cluster', 'iam_serverless'] };

/** How to sign in, and what only IAM wants to know. */
export const iamFields: readonly ConfigField[] = [
  {
    name: 'authentication',
    label: 'Sign in with',
    kind: 'select',
    help: 'What Sluice shows the database.',
    secret: false,
    required: true,
    default: 'password',
    options: [
      { value: 'password', label: 'Password', help: 'Of a database user.' },
      {
        value: 'iam_cluster',
        label: 'IAM, for a cluster',
        help: 'An access key of AWS, for which the cluster gives out a password of an hour (GetClusterCredentials).',
      },
      {
        value: 'iam_serverless',
        label: 'IAM, for a serverless workgroup',
        help: 'An access key of AWS, for which the workgroup gives out user and password of an hour (GetCredentials).',
      },
    ],
  },
  {
    name: 'cluster',
    label: 'Cluster',
    kind: 'text',
    help: 'Identifier of the cluster: the first part of its endpoint.',
    placeholder: 'acme',
    secret: false,
    required: true,
    visibleWhen: { field: 'authentication', values: ['iam_cluster'] },
  },
  {
    name: 'workgroup',
    label: 'Workgroup',
    kind: 'text',
    help: 'Name of the workgroup: the first part of its endpoint.',
    placeholder: 'acme',
    secret: false,
    required: true,
    visibleWhen: { field: 'authentication', values: ['iam_serverless'] },
  },
  {
    name: 'iamRegion',
    label: 'Region of the database',
    kind: 'text',
    help: 'The region that stands in its endpoint.',
    placeholder: 'eu-west-1',
    secret: false,
    required: true,
    visibleWhen: iam,
  },
  {
    name: 'iamAccessKeyId',
    label: 'Access key ID to sign in',
    kind: 'text',
    help: 'Key of a user of AWS who may ask for credentials, and nothing else.',
    secret: false,
    required: true,
    visibleWhen: iam,
  },
  {
    name: 'iamSecretAccessKey',
    label: 'Secret access key to sign in',
    kind: 'password',
    help: 'Stored encrypted and never shown again.',
    secret: true,
    required: true,
    visibleWhen: iam,
  },
  {
    name: 'iamEndpoint',
    label: 'Endpoint of the Redshift API',
    kind: 'text',
    help: 'Only where it is reached at another address than that of its region, such as a VPC endpoint.',
    placeholder: 'https://redshift.eu-west-1.amazonaws.com',
    secret: false,
    required: false,
    visibleWhen: iam,
    guardsSecrets: true,
  },
];
