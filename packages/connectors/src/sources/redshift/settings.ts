import type { ConfigField } from '@sluice/domain/field';
import { type PgSettings, pgFields, readPgSettings } from '../../kit/pg-settings.ts';
import type { Configuration } from '../../kit/source.ts';

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
  },
  password: { help: 'Stored encrypted and never shown again.', required: true },
};

export const redshiftFields: readonly ConfigField[] = pgFields.map((field) => ({
  ...field,
  ...differences[field.name],
}));

/** Reads a cluster from its fields. Throws `input_invalid` that names each wrong field. */
export const readRedshiftSettings = (configuration: Configuration): PgSettings =>
  readPgSettings({ ...configuration, port: configuration.port ?? port });
