import type { ConfigField } from './field.ts';
import type { SyncModeId } from './sync-mode.ts';

/** A connector as the catalogue shows it. */
export interface ConnectorView {
  readonly slug: string;
  readonly name: string;
  readonly category: string;
  readonly description: string;
  readonly docsUrl: string;
  /** Inline SVG of the connector's folder. */
  readonly icon: string;
  readonly fields: readonly ConfigField[];
}

/** One named step of "Test connection". Steps after a failed one are `skipped`. */
export interface CheckResult {
  readonly name: string;
  readonly label: string;
  readonly status: 'passed' | 'failed' | 'warning' | 'skipped';
  readonly durationMs: number;
  /** What was found, or what went wrong. */
  readonly message: string | null;
  /** What to do about a failure: exact and copyable where possible. */
  readonly fix: string | null;
}

/** Something a destination can write to. */
export interface DestinationObject {
  readonly id: string;
  readonly label: string;
  readonly modes: readonly SyncModeId[];
}

/** A field of a destination object. */
export interface DestinationField {
  readonly name: string;
  readonly label: string;
  readonly type: 'string' | 'number' | 'boolean' | 'datetime' | 'date' | 'json' | 'binary' | 'unknown';
  readonly nativeType: string;
  readonly required: boolean;
  readonly readOnly: boolean;
  /** Records can be found by this field: it is unique at the destination. */
  readonly matchable: boolean;
}

/** Everything the sync wizard needs to know about one object. */
export interface DestinationObjectDetail extends DestinationObject {
  readonly fields: readonly DestinationField[];
  /** `fields` = mapped field by field; `template` = the object's own options render the whole row. */
  readonly mapping: 'fields' | 'template';
  readonly deleteBehaviours: readonly ('nothing' | 'clear' | 'delete')[];
}

export interface SchemaTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly {
    readonly name: string;
    readonly nativeType: string;
    readonly primaryKey: boolean;
  }[];
}
