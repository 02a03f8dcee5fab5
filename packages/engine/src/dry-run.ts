import type { DestinationRecord } from '@sluice/connectors/kit/destination';
import { changeClasses } from '@sluice/domain/change';
import type { DryRunResult, MappedRow, RequestView } from '@sluice/domain/sync';
import { openDuck } from './duck.ts';
import { guardVerdict } from './guards.ts';
import { makePlan } from './make-plan.ts';
import { mappedRow } from './map-row.ts';
import { compileMappings } from './mapping.ts';
import { readRows } from './plan-rows.ts';
import type { DraftSpecification, EnginePorts } from './run.ts';
import { runVariables } from './run-variables.ts';

/** Plans without sending or storing anything: counts, samples, requests, and what the guards would say. */
export async function dryRun(spec: DraftSpecification, ports: EnginePorts): Promise<DryRunResult> {
  const startedAt = performance.now();
  const map = compileMappings(spec.configuration, runVariables(spec));
  const duck = await openDuck({ workDirectory: ports.workDirectory, ...ports.duckdb, signal: ports.signal });
  try {
    const plan = await makePlan(duck, { ...spec, resync: 'none' }, ports, {
      read: () => undefined,
      complete: async () => undefined,
    });
    const samples: Record<'added' | 'changed' | 'removed', MappedRow[]> = {
      added: [],
      changed: [],
      removed: [],
    };
    const batches: DestinationRecord[][] = [];
    for (const name of changeClasses) {
      const changes = await readRows(duck, plan.path, plan.metadata, `class = '${name}'`, samplesMax);
      const results = changes.map((change) => ({ change, result: map(change) }));
      samples[name] = results.map(({ change, result }) =>
        change.sent
          ? mappedRow(spec.configuration, change, result)
          : { key: change.key, row: change.row, record: null, error: null },
      );
      const records = results.flatMap(({ change, result }) =>
        change.sent && 'record' in result ? [result.record] : [],
      );
      if (records.length > 0) batches.push(records);
    }
    const verdict = guardVerdict(spec.configuration.guards, plan.counts, plan.metadata.ledgerRows);
    return {
      counts: plan.counts,
      samples,
      requests: await previewRequests(spec, ports, batches),
      invalidKeys: {
        nulls: plan.counts.nullKeys,
        duplicates: plan.counts.duplicateKeys,
        examples: plan.keyExamples,
      },
      guard: verdict,
      durationMs: Math.round(performance.now() - startedAt),
    };
  } finally {
    duck.close();
  }
}

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
