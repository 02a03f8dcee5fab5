import { z } from 'zod';
import { changeClasses } from './change.ts';
import type { Column, Row } from './column.ts';
import { doubtPolicyIds } from './doubt.ts';
import { Id } from './id.ts';
import { Mapping, MatchKey } from './mapping.ts';
import { RowFilter } from './row-filter.ts';
import type { RunView } from './run.ts';
import type { SyncStatus } from './run-status.ts';
import { Schedule } from './schedule.ts';
import { Slug } from './slug.ts';
import type { SyncPause } from './sync-health.ts';
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
  /** `skip`: the first result is taken as known and not sent, for modes that leave the choice. */
  firstRun: z.enum(['send', 'skip']).default('send'),
  /** The object's own options; validated by its connector. */
  options: z.record(z.string(), z.unknown()).default({}),
  guards: Guards.prefault({}),
  /** What becomes of rows whose answer was lost. */
  doubt: z.enum(doubtPolicyIds).default('send_again'),
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
  /** With a configuration: what happens to rows delivered before, where there is a choice (`sync.effectOf`). */
  rollout: z.enum(['backfill', 'from_now']).optional(),
});

/**
 * How a run treats what was delivered before. `full`: forget it, every row is added. `reset`: take the model as
 * delivered and send nothing. `backfill`: compare as ever, and send rows that did not change as well. `from_now`: rows
 * are judged by the columns that the sync used before an edit; those that did not change in them are not sent.
 */
export const resyncKinds = ['none', 'full', 'reset', 'backfill', 'from_now'] as const;
export type ResyncKind = (typeof resyncKinds)[number];

/** Those that somebody may ask for; `from_now` comes with an edit. */
export const askedResyncs = ['none', 'full', 'reset', 'backfill'] as const;
export type AskedResync = (typeof askedResyncs)[number];

export const TriggerSync = z.strictObject({
  id: Id,
  resync: z.enum(askedResyncs).default('none'),
  /** With `backfill`: only these rows are planned; all others stay as they are until the next run. */
  filter: RowFilter.optional(),
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

/** What a dry run tries: an edit before it is saved, or a backfill. */
export const DryRunSync = DraftSync.extend({
  /** With an edit: what happens to rows delivered before, as `UpdateSync` takes it. */
  rollout: z.enum(['backfill', 'from_now']).optional(),
  /** As a backfill of the rows that fulfil these conditions; `[]` = of all rows. */
  backfill: z.union([RowFilter, z.tuple([])]).optional(),
  /** By this name its progress is told. */
  watch: z.uuid().optional(),
});
export type DryRunSync = z.infer<typeof DryRunSync>;

/** Really sends one row. `row` overrides columns of the row found by `key` (the first row without a key). */
export const TestRow = DraftSync.extend({
  key: z.string().nullish(),
  class: z.enum(changeClasses).default('added'),
  row: z.record(z.string(), z.string().nullable()).optional(),
});

/** How an API client wrote a sync, where Sluice has no place for it or another form; empty = as it is kept. */
export interface ApiForm {
  readonly name?: string;
  readonly configuration?: Readonly<Record<string, unknown>>;
}

export interface SyncView {
  id: number;
  slug: string;
  modelId: number;
  modelName: string;
  modelColumns: Column[];
  primaryKey: string;
  sourceId: number;
  sourceName: string;
  sourceType: string;
  destinationId: number;
  destinationName: string;
  destinationType: string;
  configuration: SyncConfiguration;
  schedule: Schedule | null;
  disabled: boolean;
  /** Why the schedule holds still; `null` = it does not. */
  pause: SyncPause | null;
  /** Failed runs in a row. */
  failures: number;
  status: SyncStatus;
  tags: Record<string, string>;
  apiForm: ApiForm;
  referencedColumns: string[];
  /** Rows the destination is known to hold. */
  ledgerRows: number;
  /** Those of them that may or may not have arrived. */
  doubtRows: number;
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
