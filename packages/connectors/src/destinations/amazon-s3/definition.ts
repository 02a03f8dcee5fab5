import type { DestinationDefinition } from '../../kit/destination.ts';
import { openFileConnection } from '../../kit/file/open-file-connection.ts';
import { checkS3, s3CheckNames } from './check.ts';
import { readS3Settings, s3Fields } from './configuration.ts';
import { createStore } from './create-store.ts';

/** Files in a bucket of Amazon S3, or of a store that speaks its language. */
export const amazonS3Destination: DestinationDefinition = {
  slug: 'amazon-s3',
  name: 'Amazon S3',
  category: 'file',
  description: 'Put CSV, NDJSON or Parquet files into a bucket of S3, MinIO, Cloudflare R2 or Google Cloud.',
  docsUrl: '/docs/destinations/amazon-s3',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#4F7D2E"/><path d="M6.500 8l1.500 9.500c.800 1.200 7.200 1.200 8 0L17.500 8" fill="none" stroke="#fff" stroke-width="1.500" stroke-linejoin="round"/><ellipse cx="12" cy="8" rx="5.500" ry="1.900" fill="none" stroke="#fff" stroke-width="1.500"/></svg>',
  fields: s3Fields,
  checks: s3CheckNames,
  writes: [
    {
      object: 'Files (CSV, NDJSON, Parquet)',
      modes: ['all', 'insert', 'diff'],
      matchKeys: 'none',
      batch: { rows: 1, file: true },
      limits: '10,000 parts of 8 MiB a file; one file at a time in a worker',
    },
  ],
  testedAgainst: "the vendor's client against a server that verifies signatures, checksums and parts",
  assertConfiguration: readS3Settings,
  open(configuration, context) {
    const settings = () => readS3Settings(configuration);
    return openFileConnection({
      name: 'Amazon S3',
      check: () => checkS3(settings(), context),
      open: () => createStore(settings(), context),
    });
  },
};
