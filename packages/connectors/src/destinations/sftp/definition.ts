import type { DestinationDefinition } from '../../kit/destination.ts';
import { openFileConnection } from '../../kit/file/open-file-connection.ts';
import { checkSftp, sftpCheckNames } from './check.ts';
import { readSftpSettings, sftpFields } from './configuration.ts';
import { createStore } from './create-store.ts';

/** Files on a server of one's own or a partner's. */
export const sftpDestination: DestinationDefinition = {
  slug: 'sftp',
  name: 'SFTP',
  category: 'file',
  description: 'Put CSV, NDJSON or Parquet files onto an SFTP server, each whole or not at all.',
  docsUrl: '/docs/destinations/sftp',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#3B5B75"/><path d="M6 8.500V17h12V8.500h-6L10.500 7H6zM12 15.500v-4.500M9.800 13l2.200-2.200 2.200 2.200" fill="none" stroke="#fff" stroke-width="1.500" stroke-linejoin="round" stroke-linecap="round"/></svg>',
  fields: sftpFields,
  checks: sftpCheckNames,
  writes: [
    {
      object: 'Files (CSV, NDJSON, Parquet)',
      modes: ['all', 'insert', 'diff'],
      matchKeys: 'none',
      batch: { rows: 1, file: true },
      limits: 'none; one file at a time in a worker',
    },
  ],
  testedAgainst: "a server in SSH, and OpenSSH's own sftp-server where it is installed",
  assertConfiguration: readSftpSettings,
  open(configuration, context) {
    const settings = () => readSftpSettings(configuration);
    return openFileConnection({
      name: 'SFTP',
      check: () => checkSftp(settings(), context),
      open: () => createStore(settings(), context),
    });
  },
};
