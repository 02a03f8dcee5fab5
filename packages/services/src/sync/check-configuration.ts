import type { DestinationConnection } from '@sluice/connectors/kit/destination';
import { SluiceError } from '@sluice/domain/error';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { findMappingProblems } from './find-mapping-problems.ts';
import { findObjectProblems } from './find-object-problems.ts';
import { referencedColumns } from './referenced-columns.ts';

/**
 * Checks a sync's configuration against the model's columns and the object as it is at the destination now, and
 * answers the columns that the sync uses. Throws `input_invalid` with a message per path
 * (`configuration.mappings.3.to`), `destination_object_missing`, and what the destination throws.
 */
export async function checkConfiguration(
  connection: DestinationConnection,
  configuration: SyncConfiguration,
  columns: readonly string[],
): Promise<{ referencedColumns: string[] }> {
  const object = await describeObject(connection, configuration.object);
  const ownProblems = {
    ...findObjectProblems(configuration, object),
    ...findMappingProblems(configuration, columns),
  };
  // The connector is asked even so: all mistakes are shown at once.
  const problems = { ...(await connection.validate(configuration, columns)), ...ownProblems };
  const fields = Object.fromEntries(
    Object.entries(problems).map(([path, message]) => [`configuration.${path}`, message]),
  );
  const [first] = Object.values(fields);
  if (first !== undefined) throw new SluiceError('input_invalid', first, { fields });
  return { referencedColumns: referencedColumns(configuration, connection) };
}

async function describeObject(connection: DestinationConnection, object: string) {
  try {
    return await connection.describeObject(object);
  } catch (err) {
    if (!(err instanceof SluiceError) || err.code !== 'destination_object_missing') throw err;
    throw new SluiceError(err.code, err.message, {
      fields: { 'configuration.object': err.message },
      fix: err.fix,
      cause: err,
    });
  }
}
