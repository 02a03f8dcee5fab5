import type { Column } from '@sluice/domain/column';
import type { RunView } from '@sluice/domain/run';
import type { Schedule } from '@sluice/domain/schedule';
import { type ApiForm, type ResyncKind, SyncConfiguration, type SyncView } from '@sluice/domain/sync';
import { pauseOf } from '../sync-health/stored-pause.ts';
import { syncStatus } from './sync-status.ts';

/** What a sync is loaded with to be shown. */
export const syncInclude = {
  model: {
    select: {
      name: true,
      columns: true,
      primaryKey: true,
      source: { select: { id: true, name: true, type: true } },
    },
  },
  destination: { select: { name: true, type: true } },
} as const;

export interface SyncRow {
  id: number;
  workspaceId: number;
  modelId: number;
  destinationId: number;
  slug: string;
  configuration: unknown;
  referencedColumns: string[];
  schedule: unknown;
  scheduleAnchor: Date;
  nextRunAt: Date | null;
  disabled: boolean;
  failures: number;
  pause: unknown;
  pausedUntil: Date | null;
  status: string;
  lastRunAt: Date | null;
  ledgerKey: string | null;
  ledgerRows: number;
  doubtRows: number;
  pendingResync: string;
  tags: unknown;
  apiForm: unknown;
  createdAt: Date;
  updatedAt: Date;
  model: {
    name: string;
    columns: unknown;
    primaryKey: string;
    source: { id: number; name: string; type: string };
  };
  destination: { name: string; type: string };
}

/** A sync with the names around it and its newest run. */
export function syncView(row: SyncRow, lastRun: RunView | null): SyncView {
  const { id, slug, modelId, destinationId, model, destination, disabled, referencedColumns } = row;
  return {
    id,
    slug,
    modelId,
    modelName: model.name,
    modelColumns: model.columns as Column[],
    primaryKey: model.primaryKey,
    sourceId: model.source.id,
    sourceName: model.source.name,
    sourceType: model.source.type,
    destinationId,
    destinationName: destination.name,
    destinationType: destination.type,
    // What was stored before a setting existed has its default.
    configuration: SyncConfiguration.parse(row.configuration),
    schedule: row.schedule as Schedule | null,
    disabled,
    pause: pauseOf(row),
    failures: row.failures,
    status: syncStatus(row),
    tags: row.tags as Record<string, string>,
    apiForm: (row.apiForm ?? {}) as ApiForm,
    referencedColumns,
    ledgerRows: row.ledgerRows,
    doubtRows: row.doubtRows,
    pendingResync: row.pendingResync as ResyncKind,
    lastRun,
    lastRunAt: row.lastRunAt,
    nextRunAt: row.nextRunAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
