import type { Value } from '@sluice/domain/column';
import type { DestinationField, DestinationObject } from '@sluice/domain/connector';
import type { ConfigField } from '@sluice/domain/field';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { WriterLimits } from '../destination.ts';
import type { ApiClient } from './api-client.ts';
import type { RouteOf } from './route.ts';

/** Something an API destination writes: contacts, members of a list, events. One file per kind. */
export interface ApiObject extends DestinationObject {
  /** `template` where the options render the row and nothing is mapped field by field. `fields` unless said. */
  readonly mapping?: 'fields' | 'template';
  /** What may happen to rows that left the model, for modes that leave the choice. `nothing` unless said. */
  readonly deleteBehaviours?: readonly ('nothing' | 'clear' | 'delete')[];
  /** Nothing is found by a match value: a row is what its fields say, a pair of two records. */
  readonly noMatchKey?: boolean;
  /** A row is somebody in a list, whom the match key names: a sync that maps fields is refused. */
  readonly membersOnly?: boolean;
  /** Fields of any name may be written; `describe` lists those that are known. */
  readonly openFields?: boolean;
  /** Fields as they are now, and what the object asks beside them. Reads from the vendor where it can tell. */
  describe(client: ApiClient): Promise<ObjectFields>;
  /** What else is wrong with a sync: path → message. Options are checked against their fields already. */
  validate?(sync: SyncConfiguration, columns: readonly string[]): Record<string, string>;
  /** Columns that the options use (templates); mapped ones are added by the caller. None unless said. */
  columnsUsed?(sync: SyncConfiguration): readonly string[] | 'all';
  columnsForRemoval?(sync: SyncConfiguration): readonly string[] | 'all';
  readonly limits: WriterLimits;
  /** Which way a record takes; called once per writer. May read from the vendor (types of properties). */
  routes(parts: RouteParts): Promise<RouteOf> | RouteOf;
}

export interface ObjectFields {
  readonly fields: readonly DestinationField[];
  readonly options?: readonly ConfigField[];
}

export interface RouteParts {
  readonly client: ApiClient;
  readonly sync: SyncConfiguration;
  /** Facts of the run: `run-id`, `sync-id`. */
  readonly variables: Readonly<Record<string, Value>>;
}

/** A field of a vendor's object; what is left out is the common case: optional, writable, not unique. */
export function apiField(
  name: string,
  label: string,
  type: DestinationField['type'],
  more: Partial<DestinationField> = {},
): DestinationField {
  return { name, label, type, nativeType: type, required: false, readOnly: false, matchable: false, ...more };
}
