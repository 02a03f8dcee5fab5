import type { DestinationRecord } from '@sluice/connectors/kit/destination';
import { type ChangeClass, changeClasses, sentOf } from '@sluice/domain/change';
import type { DryRunProgress, DryRunResult, DryRunRow } from '@sluice/domain/dry-run';
import type { RowFilter } from '@sluice/domain/row-filter';
import type { MappedRow, RequestView, ResyncKind } from '@sluice/domain/sync';
import { type Duck, openDuck } from '../duck.ts';
import { mappedRow } from '../map/map-row.ts';
import { compileMappings } from '../map/mapping.ts';
import { runVariables } from '../map/run-variables.ts';
import { guardVerdict } from '../plan/guards.ts';
import { type MadePlan, makePlan } from '../plan/make-plan.ts';
import { readRows } from '../plan/plan-rows.ts';
import type { StoredPlan } from '../ports.ts';
import type { DraftSpecification, EnginePorts } from '../run.ts';
import { compileDryRunRow } from './field-changes.ts';
import { fieldTotals } from './field-totals.ts';

/** What a dry run found, and the plan file in the work directory that it found it in. */
export interface DryRun {
  readonly result: Omit<DryRunResult, 'id'>;
  readonly plan: Omit<StoredPlan, 'blobKey'> & { readonly path: string };
}

/** A specification that a dry run tries; `resync` and `filter` as a backfill has them. */
export type DryRunSpecification = DraftSpecification & {
  readonly resync?: ResyncKind;
  readonly filter?: RowFilter | null;
};

/** Plans without sending or storing anything: counts, fields, samples, requests, and what the guards would say. */
export async function dryRun(
  spec: DryRunSpecification,
  ports: EnginePorts,
  onProgress: (progress: DryRunProgress) => void = () => undefined,
): Promise<DryRun> {
  const startedAt = performance.now();
  const duck = await openDuck({ workDirectory: ports.workDirectory, ...ports.duckdb, signal: ports.signal });
  try {
    const made = await makePlan(duck, { ...spec, resync: spec.resync ?? 'none' }, ports, {
      read: (rows) => onProgress({ stage: 'read', rows }),
      comparing: () => onProgress({ stage: 'compare', rows: 0 }),
      complete: async ({ rows }) => onProgress({ stage: 'compare', rows }),
    });
    return await describeDryRun(duck, spec, ports, made, startedAt);
  } finally {
    duck.close();
  }
}

/** Shows a plan that was made and is not carried out. */
export async function describeDryRun(
  duck: Duck,
  spec: DraftSpecification,
  ports: Pick<EnginePorts, 'destination'>,
  made: MadePlan,
  startedAt: number,
): Promise<DryRun> {
  const { configuration } = spec;
  const { counts, path, metadata } = made;
  const variables = runVariables(spec);
  const map = compileMappings(configuration, variables);
  const show = compileDryRunRow(configuration, variables);
  const samples = perClass<MappedRow>();
  const rows = perClass<DryRunRow>();
  const batches: DestinationRecord[][] = [];
  for (const name of changeClasses) {
    const changes = await readRows(duck, path, metadata, `class = '${name}'`, samplesMax);
    const results = changes.map((change) => ({ change, result: map(change) }));
    samples[name] = results.map(({ change, result }) =>
      change.sent
        ? mappedRow(configuration, change, result)
        : { key: change.key, row: change.row, record: null, error: null },
    );
    rows[name] = changes.map(show);
    const records = results.flatMap(({ change, result }) =>
      change.sent && 'record' in result ? [result.record] : [],
    );
    if (records.length > 0) batches.push(records);
  }
  const totals = await fieldTotals(duck, {
    path,
    metadata,
    configuration,
    variables,
    changedRows: sentOf(counts, 'changed'),
  });
  return {
    plan: { path, columns: made.columns, size: made.size, counts, keyExamples: made.keyExamples },
    result: {
      counts,
      samples,
      rows,
      ...totals,
      requests: await previewRequests(spec, ports, batches),
      invalidKeys: { nulls: counts.nullKeys, duplicates: counts.duplicateKeys, examples: made.keyExamples },
      guard: guardVerdict(configuration.guards, counts, metadata.ledgerRows),
      durationMs: Math.round(performance.now() - startedAt),
    },
  };
}

const perClass = <Item>(): Record<ChangeClass, Item[]> => ({ added: [], changed: [], removed: [] });

/** Up to three requests, one class after the other, as they would be sent. */
export async function previewRequests(
  spec: DraftSpecification,
  ports: Pick<EnginePorts, 'destination'>,
  batches: readonly (readonly DestinationRecord[])[],
): Promise<RequestView[]> {
  if (batches.length === 0) return [];
  const writer = await ports.destination.writer(spec.configuration, runVariables(spec));
  try {
    const requests: RequestView[] = [];
    const share = Math.max(1, Math.floor(requestsMax / batches.length));
    for (const batch of batches) {
      const previews = await writer.preview(batch.slice(0, Math.max(1, writer.limits.batchRowsMax)));
      requests.push(...previews.slice(0, share));
    }
    return requests.slice(0, requestsMax);
  } finally {
    await writer.close();
  }
}

const samplesMax = 10;
const requestsMax = 3;
