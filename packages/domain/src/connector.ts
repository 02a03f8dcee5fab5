import type { ConfigField } from './field.ts';
import type { SyncModeId } from './sync-mode.ts';

/** Groups of the catalogue, in the order they are shown. */
export const connectorCategories = {
  sample: 'Try it out',
  warehouse: 'Warehouses',
  database: 'Databases',
  crm: 'CRM',
  marketing: 'Marketing and messaging',
  advertising: 'Advertising',
  support: 'Support and success',
  analytics: 'Analytics and customer data',
  work: 'Work and collaboration',
  commerce: 'Commerce',
  file: 'Files and sheets',
  stream: 'Streams',
  developer: 'Build your own',
} as const;
export type ConnectorCategory = keyof typeof connectorCategories;

/** One line of what a destination can write, for the documentation: what, how, how much at once, how often. */
export interface ObjectSupport {
  readonly object: string;
  readonly modes: readonly SyncModeId[];
  /** What records are found by, in words: `email, or any unique property`. */
  readonly matchKeys: string;
  /** `file`: a whole file, however many rows it has. */
  readonly batch: {
    readonly rows: number;
    readonly bytes?: number;
    readonly recordBytes?: number;
    readonly file?: true;
  };
  /** The vendor's limits, in words with their source: `190 requests / 10 s`. */
  readonly limits: string;
  /** Of a destination that recognises some repetitions: not those of this object. */
  readonly cannotTellRepeat?: boolean;
}

/** A connector as the catalogue shows it. */
export interface ConnectorView {
  readonly slug: string;
  readonly name: string;
  readonly category: ConnectorCategory;
  readonly description: string;
  readonly docsUrl: string;
  /** Inline SVG of the connector's folder. */
  readonly icon: string;
  readonly fields: readonly ConfigField[];
  /** Access by signing in at the vendor: its name, and whether the operator has made that possible. */
  readonly oauth?: { readonly name: string; readonly configured: boolean };
  /** The destination cannot tell a repeated request from a new one: what is sent again arrives twice. */
  readonly cannotTellRepeat?: boolean;
  /** The destination answers with counts alone; what that means for a row, in words. */
  readonly countsOnly?: string;
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
  /** An id that the destination gives out itself: a column that happens to have its name holds another one. */
  readonly givenOut?: true;
  /** The only values that the destination takes, where it says so. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

/** Everything the sync wizard needs to know about one object. */
export interface DestinationObjectDetail extends DestinationObject {
  readonly fields: readonly DestinationField[];
  /** `fields` = mapped field by field; `template` = the object's own options render the whole row. */
  readonly mapping: 'fields' | 'template';
  readonly deleteBehaviours: readonly ('nothing' | 'clear' | 'delete')[];
  /** Nothing is found by a match value: a row is what its fields say (a pair of two records), whatever the mode needs. */
  readonly noMatchKey?: boolean;
  /** A row is somebody in a list, whom the match key names: there is nothing to map. */
  readonly membersOnly?: boolean;
  /** Fields of any name may be written: the list holds those that are known. */
  readonly openFields?: boolean;
  /** What the object wants to know beside the mappings; values are the sync's `options`. */
  readonly options?: readonly ConfigField[];
}

/** Name of the option of objects that can take whole rows. */
export const allColumnsOption = 'allColumns';

/** Whether a sync sends every column of the model under its own name, also those that come later; then nothing is mapped. */
export const takesAllColumns = (options: Readonly<Record<string, unknown>>): boolean =>
  options[allColumnsOption] === true;

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
