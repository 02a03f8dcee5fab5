import type { DraftSpecification } from '../run.ts';
import type { RunVariables } from './mapping.ts';

/** Values of the mapping variables; those of a run or a sync that does not exist yet are NULL. */
export function runVariables(spec: DraftSpecification & { readonly runId?: number }): RunVariables {
  return {
    'sync-id': spec.sync?.id ?? null,
    'sync-slug': spec.sync?.slug ?? null,
    'run-id': spec.runId ?? null,
    'run-started-at': spec.startedAt.toISOString(),
    'model-id': spec.model.id,
    'model-name': spec.model.name,
  };
}
