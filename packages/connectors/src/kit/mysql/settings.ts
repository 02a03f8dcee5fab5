import type { ConfigField } from '@sluice/domain/field';
import { clientCertificateFields } from '../client-certificate.ts';
import { type PgSettings, pgFields, readPgSettings } from '../pg-settings.ts';
import type { Configuration } from '../source.ts';
import { tunnelFields } from '../ssh/tunnel-fields.ts';

/** A MySQL or MariaDB server needs to know the same as a PostgreSQL one. */
export type MysqlSettings = PgSettings;

/** The fields of a MySQL or MariaDB connection, the same for sources and destinations. */
export const mysqlFields: readonly ConfigField[] = [
  ...pgFields,
  ...clientCertificateFields,
  ...tunnelFields,
].map((field) => {
  if (field.name === 'port') {
    return { ...field, help: 'Usually 3306.', placeholder: '3306', default: 3306 };
  }
  if (field.name === 'user') {
    return { ...field, help: 'An account made for Sluice, with no more rights than it needs.' };
  }
  return field;
});

/** Reads a connection from its fields. Throws `input_invalid` that names each wrong field. */
export const readMysqlSettings = (configuration: Configuration): MysqlSettings =>
  readPgSettings({ ...configuration, port: configuration.port ?? 3306 });
