import type { DestinationObject, DestinationObjectDetail } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf } from '@sluice/domain/sync-mode';
import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection } from '../../kit/destination.ts';
import type { Configuration } from '../../kit/source.ts';
import { check } from './check.ts';
import { columnsNamed } from './columns-named.ts';
import { readConfiguration } from './configuration.ts';
import { createWriter } from './create-writer.ts';
import { validate } from './validate.ts';

const object: DestinationObject = { id: 'request', label: 'HTTP request', modes: ['trigger'] };
const detail: DestinationObjectDetail = {
  ...object,
  fields: [],
  mapping: 'template',
  deleteBehaviours: ['nothing'],
};

/** A use of an HTTP server; nothing is sent before the first check or delivery. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  return {
    check: () => check(configuration, context),
    listObjects: () => Promise.resolve([object]),
    async describeObject(id) {
      if (id === object.id) return detail;
      throw new SluiceError('destination_object_missing', `HTTP Request has no object "${id}".`, {
        fix: 'Choose "HTTP request".',
      });
    },
    async validate(sync, columns) {
      if (sync.object !== object.id) return { object: 'Choose "HTTP request".' };
      return validate(sync, columns, readConfiguration(configuration).baseUrl);
    },
    // A template may use any column (a loop, a whole row), so each of them counts.
    columnsUsed: () => 'all',
    columnsNamed,
    columnsForRemoval: (sync: SyncConfiguration) => (operationsOf(sync).removed === null ? [] : 'all'),
    writer: async (sync, variables = {}) =>
      createWriter(context, readConfiguration(configuration), sync, variables),
    close: () => Promise.resolve(),
  };
}
