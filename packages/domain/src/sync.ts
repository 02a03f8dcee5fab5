import { z } from 'zod';
import { type ClassCounts, changeClasses, type RunCounts } from './change.ts';
import type { Column, Row } from './column.ts';
import { Id } from './id.ts';
import { Mapping, MatchKey } from './mapping.ts';
import type { RunView } from './run.ts';
import type { SyncStatus } from './run-status.ts';
import { Schedule } from './schedule.ts';
import { Slug } from './slug.ts';
import { deleteBehaviours, syncModeIds } from './sync-mode.ts';

/** Stops a run before it sends anything when it would touch far more than usual. */
export const Guards = z.strictObject({
  /** Share of the known rows a run may remove, 0 to 1; `null` = no limit. Applies above 100 removals. */
  removedShareMax: z.number().min(0).max(1).nullable().default(0.3),
  /** Number of rows a run may change; `null` = no limit. */
  changedRowsMax: z.number().int().min(1).nullable().default(null),
});

/** Everything that decides what a sync sends. Frozen into each run. */
export const SyncConfiguration = z.strictObject({
  /** The destination's object: `public.contacts`, `request`. */
  object: z.string().min(1, 'Choose what to write to.').max(400),
  mode: z.enum(syncModeIds),
  matchKey: MatchKey.nullable().default(null),
  mappings: z.array(Mapping).max(1000).default([]),
  deleteBehaviour: z.enum(deleteBehaviours).default('nothing'),
  /** Classes that are sent, for modes with triggers. */
  triggers: z.array(z.enum(changeClasses)).default([...changeClasses]),
  /** The object's own options; validated by its connector. */
  options: z.record(z.string(), z.unknown()).default({}),
  guards: Guards.prefault({}),
});
export type SyncConfiguration = z.infer<typeof SyncConfiguration>;
export type SyncConfigurationInput = z.input<typeof SyncConfiguration>;

const tags = z.record(z.string().max(60), z.string().max(200));

export const CreateSync = z.strictObject({
  slug: Slug.optional(),
  modelId: Id,
  destinationId: Id,
  configuration: SyncConfiguration,
  schedule: Schedule.nullable().default(null),
  disabled: z.boolean().default(false),
  tags: tags.default({}),
});

export const UpdateSync = z.strictObject({
  id: Id,
  slug: Slug.optional(),
  configuration: SyncConfiguration.optional(),
  schedule: Schedule.nullish(),
  disabled: z.boolean().optional(),
  tags: tags.optional(),
});

/** How a run treats what was delivered before. */
export const resyncKinds = ['none', 'full', 'reset'] as const;
export type ResyncKind = (typeof resyncKinds)[number];

export const TriggerSync = z.strictObject({
  id: Id,
  resync: z.enum(resyncKinds).default('none'),
  /** Run although a guard stopped the run before. */
  ignoreGuards: z.boolean().default(false),
});

/** A sync that is being written: the wizard previews and dry-runs it before it is saved. */
export const DraftSync = z.strictObject({
  /** The saved sync whose ledger a dry run compares with. */
  id: Id.optional(),
  modelId: Id,
  destinationId: Id,
  configuration: SyncConfiguration,
});
export type DraftSync = z.infer<typeof DraftSync>;

/** Really sends one row. `row` overrides columns of the row found by `key` (the first row without a key). */
export const TestRow = DraftSync.extend({
  key: z.string().nullish(),
  class: z.enum(changeClasses).default('added'),
  row: z.record(z.string(), z.string().nullable()).optional(),
});

export interface SyncView {
  id: number;
  slug: string;
  modelId: number;
  modelName: string;
  modelColumns: Column[];
  primaryKey: string;
  sourceName: string;
  sourceType: string;
  destinationId: number;
  destinationName: string;
  destinationType: string;
  configuration: SyncConfiguration;
  schedule: Schedule | null;
  disabled: boolean;
  status: SyncStatus;
  tags: Record<string, string>;
  referencedColumns: string[];
  /** Rows the destination is known to hold. */
  ledgerRows: number;
  /** What the next run does beside its own work, because the ledger is no longer true. */
  pendingResync: ResyncKind;
  lastRun: RunView | null;
  lastRunAt: Date | null;
  nextRunAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** A request as it would be or was sent; secrets are masked. */
export interface RequestView {
  /** `POST https://…` or `COPY public.contacts`. */
  summary: string;
  headers: Record<string, string>;
  body: string | null;
}

export interface ResponseView {
  /** `200 OK`, `INSERT 0 100`. */
  summary: string;
  headers: Record<string, string>;
  body: string | null;
}

/** One request and its answer, of a run or a test. */
export interface Exchange {
  request: RequestView;
  /** `null` when no answer came. */
  response: ResponseView | null;
  error: string | null;
  startedAt: string;
  durationMs: number;
}

/** A row of the model and the record made from it. */
export interface MappedRow {
  key: string | null;
  row: Row;
  record: Row | null;
  error: string | null;
}

export interface DryRunResult {
  counts: RunCounts;
  /** Up to ten rows a class, with the record that would be sent. */
  samples: Record<'added' | 'changed' | 'removed', MappedRow[]>;
  /** Up to three requests as they would be sent. */
  requests: RequestView[];
  invalidKeys: { nulls: number; duplicates: number; examples: string[] };
  /** Whether a guard would stop the run, and which. */
  guard: string | null;
  durationMs: number;
}

export interface TestRowResult {
  outcome: 'delivered' | 'rejected' | 'uncertain';
  code: string | null;
  message: string | null;
  mapped: MappedRow;
  exchanges: Exchange[];
}

export interface MappingSuggestion {
  from: string;
  to: string;
  /** Why it was suggested: same name, similar name. */
  reason: 'exact' | 'similar';
}

export type { ClassCounts };
