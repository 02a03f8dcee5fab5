import type { CheckResult, DestinationObject, DestinationObjectDetail } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import type { DestinationConnection } from '../destination.ts';
import { findOptionProblems } from '../object-options.ts';
import type { ApiClient } from './api-client.ts';
import type { ApiObject } from './api-object.ts';
import { createApiWriter } from './api-writer.ts';

export interface ApiConnectionParts {
  readonly vendor: string;
  /** Throws `input_invalid` for a configuration that makes no client. */
  readonly client: () => ApiClient;
  readonly check: (client: () => ApiClient) => AsyncIterable<CheckResult>;
  /** Everything that can be written, lists and custom objects of the account included. */
  readonly objects: (client: ApiClient) => Promise<readonly ApiObject[]>;
  /** One of them by its id, without asking the vendor where that can be; otherwise it is looked for in `objects`. */
  readonly objectOf?: (id: string) => ApiObject | null;
  /**
   * What can be told of an object by its id alone, for questions that are not worth asking the vendor: the columns that
   * its options use.
   */
  readonly shapeOf?: (id: string) => ApiObject | null;
}

const membersHaveNoFields = 'Members have no fields: the match key says who they are.';

/** A use of an API destination, made of its objects. Nothing is sent before the first call that needs the network. */
export function openApiConnection(parts: ApiConnectionParts): DestinationConnection {
  let opened: ApiClient | null = null;
  const client = (): ApiClient => {
    opened ??= parts.client();
    return opened;
  };
  const known = new Map<string, ApiObject>();
  const find = async (id: string): Promise<ApiObject> => {
    const object = known.get(id) ?? parts.objectOf?.(id) ?? (await listed(id));
    if (!object) {
      throw new SluiceError('destination_object_missing', `${parts.vendor} has no object "${id}".`);
    }
    known.set(id, object);
    return object;
  };
  const listed = async (id: string) => (await parts.objects(client())).find((object) => object.id === id);
  /** For questions that are asked of a saved sync, whose object has been found before or can be told by its id. */
  const object = (id: string): ApiObject | null =>
    known.get(id) ?? parts.objectOf?.(id) ?? parts.shapeOf?.(id) ?? null;

  return {
    check: () => parts.check(client),
    async listObjects() {
      const objects = await parts.objects(client());
      for (const one of objects) known.set(one.id, one);
      return objects.map(({ id, label, modes }): DestinationObject => ({ id, label, modes }));
    },
    describeObject: async (id) => describe(await find(id), client()),
    async validate(sync, columns) {
      let found: ApiObject;
      try {
        found = await find(sync.object);
      } catch (thrown) {
        if (!(thrown instanceof SluiceError) || thrown.code !== 'destination_object_missing') throw thrown;
        return { object: thrown.message };
      }
      const { options = [] } = await found.describe(client());
      const problems = { ...findOptionProblems(options, sync), ...found.validate?.(sync, columns) };
      const maps = found.membersOnly && sync.mappings.length > 0;
      return maps ? { ...problems, mappings: membersHaveNoFields } : problems;
    },
    columnsUsed: (sync) => object(sync.object)?.columnsUsed?.(sync) ?? [],
    columnsNamed: (sync) => {
      const used = object(sync.object)?.columnsUsed?.(sync) ?? [];
      return used === 'all' ? [] : used;
    },
    columnsForRemoval: (sync) => object(sync.object)?.columnsForRemoval?.(sync) ?? [],
    async writer(sync, variables = {}) {
      const found = await find(sync.object);
      const routeOf = await found.routes({ client: client(), sync, variables });
      return createApiWriter({ client: client(), limits: found.limits, routeOf });
    },
    close: () => Promise.resolve(),
  };
}

async function describe(object: ApiObject, client: ApiClient): Promise<DestinationObjectDetail> {
  const { fields, options } = await object.describe(client);
  return {
    id: object.id,
    label: object.label,
    modes: object.modes,
    fields,
    mapping: object.mapping ?? 'fields',
    deleteBehaviours: object.deleteBehaviours ?? ['nothing'],
    ...(object.noMatchKey && { noMatchKey: true }),
    ...(object.membersOnly && { membersOnly: true }),
    ...(object.openFields && { openFields: true }),
    ...(options && options.length > 0 && { options }),
  };
}
