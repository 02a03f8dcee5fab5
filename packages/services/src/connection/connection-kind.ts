import type { Configuration } from '@sluice/connectors/kit/source';
import type { Connection, Database } from '@sluice/db/client';
import type { Actor } from '@sluice/domain/actor';
import type { ConfigField } from '@sluice/domain/field';
import type { Permission } from '@sluice/domain/permission';

/** A source or destination as stored; both tables have the same columns. */
export interface ConnectionRow {
  readonly id: number;
  readonly workspaceId: number;
  readonly name: string;
  readonly slug: string;
  readonly type: string;
  /** As shown: a secret that is set reads as `secretSet`. */
  readonly configuration: unknown;
  readonly secrets: string | null;
  readonly lastCheck: unknown;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Columns that a use case writes. */
export interface ConnectionData {
  readonly name: string;
  readonly configuration: Record<string, unknown>;
  readonly secrets: string | null;
}

/** What a connector says about itself, as far as storing its connection needs it. */
export interface ConnectorFields {
  readonly slug: string;
  readonly name: string;
  readonly fields: readonly ConfigField[];
  readonly assertConfiguration?: (configuration: Configuration) => void;
}

/** Rows of one table. Every call filters by workspace. */
export interface ConnectionTable {
  find(db: Connection, workspaceId: number, id: number): Promise<ConnectionRow | null>;
  slugs(db: Database, workspaceId: number, prefix: string): Promise<string[]>;
  create(
    db: Connection,
    row: ConnectionData & { id: number; workspaceId: number; slug: string; type: string },
  ): Promise<ConnectionRow>;
  /**
   * Writes only if the row is still as `before`; answers whether it was. The last check is forgotten when the
   * configuration or a secret changes: it described the old one.
   */
  update(db: Connection, before: ConnectionRow, data: ConnectionData): Promise<boolean>;
  /** Keeps `updatedAt`: a check changes nothing about the connection. */
  saveCheck(db: Connection, row: ConnectionRow, lastCheck: unknown): Promise<void>;
  remove(db: Connection, workspaceId: number, id: number): Promise<void>;
  /** The connection leads to another system now: what was known about this one is no longer true. */
  moved?(db: Connection, actor: Actor, row: ConnectionRow): Promise<void>;
  /** What uses the row, in words: `the model "Users"`. */
  uses(db: Connection, workspaceId: number, id: number): Promise<string[]>;
}

/** Sources and destinations differ in these points only. */
export interface ConnectionKind {
  readonly noun: 'source' | 'destination';
  readonly table: 'sources' | 'destinations';
  readonly writePermission: Permission;
  readonly rows: ConnectionTable;
  /** Throws `input_invalid` at `type` when no such connector exists. */
  connector(type: string): ConnectorFields;
}
