import { type CheckResult, takesAllColumns } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import type { ConfigField } from '@sluice/domain/field';
import type { DestinationConnection, WriterLimits } from '../destination.ts';
import { findOptionProblems } from '../object-options.ts';
import { fileObject } from './file-fields.ts';
import { findFileProblems, readFileSettings } from './file-settings.ts';
import type { FileStore } from './file-store.ts';
import { createFileWriter } from './file-writer.ts';

/** A use of a destination that keeps files: all of it but the place where they are kept. */
export function openFileConnection(place: {
  readonly name: string;
  check(): AsyncIterable<CheckResult>;
  /** Connects with the first file. */
  open(options: Readonly<Record<string, unknown>>): FileStore;
  readonly options?: readonly ConfigField[];
  readonly requests?: WriterLimits['requests'];
}): DestinationConnection {
  const object = fileObject(place.options);
  const { id, label, modes } = object;
  return {
    check: () => place.check(),
    listObjects: async () => [{ id, label, modes }],
    async describeObject(wanted) {
      if (wanted === id) return object;
      throw new SluiceError('destination_object_missing', `${place.name} has no object "${wanted}".`);
    },
    async validate(sync, columns) {
      if (sync.object !== id) return { object: `${place.name} has no object "${sync.object}".` };
      const problems = findOptionProblems(object.options ?? [], sync);
      // What a field says of itself comes first: the rest may read it wrongly.
      return Object.keys(problems).length > 0 ? problems : findFileProblems(sync, columns);
    },
    columnsUsed: ({ options }) => (takesAllColumns(options) ? 'all' : []),
    columnsNamed: () => [],
    columnsForRemoval: () => [],
    writesEmptyFiles: (sync) => readFileSettings(sync).emptyFile,
    writer: async (sync, variables = {}) =>
      createFileWriter(place.open(sync.options), sync, { variables, requests: place.requests ?? [] }),
    close: () => Promise.resolve(),
  };
}
