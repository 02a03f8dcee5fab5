import { z } from 'zod';
import type { Column } from './column.ts';
import type { RolloutChoice } from './edit-effect.ts';
import { Id } from './id.ts';
import { Name } from './name.ts';
import { StoredQuery } from './query.ts';
import type { SyncStatus } from './run-status.ts';
import { Slug } from './slug.ts';

const description = z
  .string()
  .max(2000)
  .regex(/^[^\0\p{Cs}]*$/u, 'Remove the character that cannot be stored.');
/** A column; databases allow any character in its name but NUL. */
const PrimaryKey = z
  .string()
  .min(1, 'Choose the column that identifies a row.')
  .max(200)
  .regex(/^[^\0\p{Cs}]*$/u, 'No column is named like this.');
const tags = z.record(z.string().max(60), z.string().max(200));

export const CreateModel = z.strictObject({
  name: Name,
  slug: Slug.optional(),
  description: description.default(''),
  sourceId: Id,
  query: StoredQuery,
  primaryKey: PrimaryKey,
  tags: tags.default({}),
  /** Skip running the query for its columns; they stay empty until the first preview or run. */
  skipColumnQuery: z.boolean().default(false),
});

export const UpdateModel = z.strictObject({
  id: Id,
  name: Name.optional(),
  description: description.optional(),
  query: StoredQuery.optional(),
  primaryKey: PrimaryKey.optional(),
  tags: tags.optional(),
  /** What happens to rows delivered before, in syncs that may use every column and get new ones. */
  rollout: z.enum(['backfill', 'from_now']).optional(),
  /** A new primary key makes every row look new: all syncs of the model get a full resync. */
  acceptFullResync: z.boolean().default(false),
});

/** What saving a change would do to the syncs of the model, asked before saving. */
export const ModelImpactInput = z.strictObject({
  id: Id,
  query: StoredQuery.optional(),
  primaryKey: z.string().optional(),
});

export interface ModelImpact {
  syncs: {
    id: number;
    slug: string;
    /** `broken`: a used column is gone; `resync`: all rows are sent again; `none`. */
    effect: 'none' | 'resync' | 'broken';
    explanation: string;
    missingColumns: string[];
    /** Rows that the destination is known to hold. */
    ledgerRows: number;
    /** What may become of them; more than one = ask. */
    choices: RolloutChoice[];
  }[];
}

/** A node of a dbt project, as a model that follows it shows it. */
export interface FollowedNode {
  nodeId: number;
  projectId: number;
  projectSlug: string;
  projectName: string;
  uniqueId: string;
  name: string;
  materialised: string;
  relation: string | null;
  database: string | null;
  schema: string | null;
  rawSql: string | null;
  compiledSql: string | null;
  /** What keeps it from being read; `null` = nothing. */
  problem: string | null;
  /** What it was called before dbt renamed it. */
  previousId: string | null;
  renamedAt: Date | null;
}

export interface ModelView {
  id: number;
  name: string;
  slug: string;
  description: string;
  sourceId: number;
  sourceName: string;
  sourceType: string;
  query: StoredQuery;
  /** The dbt node that the query names. */
  dbt: FollowedNode | null;
  primaryKey: string;
  columns: Column[];
  tags: Record<string, string>;
  lastRunSize: number | null;
  syncs: { id: number; slug: string; destinationName: string; status: SyncStatus }[];
  createdAt: Date;
  updatedAt: Date;
}

export const PreviewQuery = z.strictObject({ sourceId: Id, query: StoredQuery });

/** The first 100 rows. Cells are canonical text or `null`; long ones are cut at 2,000 characters. */
export interface QueryPreview {
  columns: Column[];
  rows: (string | null)[][];
  /** Whether the query has more rows than shown. */
  hasMore: boolean;
  durationMs: number;
}

/** What running a query once would cost at the source. */
export interface QueryEstimate {
  /** Bytes that would be read; warehouses that bill by bytes bill about these. */
  bytes: number;
}

export const InspectKey = z.strictObject({
  sourceId: Id,
  query: StoredQuery,
  column: z.string().min(1).max(200),
});

export interface KeyInspection {
  rows: number;
  nulls: number;
  /** Rows that share their key with another row. */
  duplicates: number;
  /** Up to five keys that occur more than once. */
  examples: string[];
}
