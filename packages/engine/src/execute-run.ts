import { SluiceError } from '@sluice/domain/error';
import type { RunPorts, RunSpecification } from './run.ts';

/**
 * Executes a run to its end, or goes on where an earlier attempt stopped: plan, deliver, record, commit.
 * Resolves after exactly one `store.end`. Throws without ending the run when the lease is lost (`LeaseLost`), when the
 * store fails, or when there is no room to write the ledger: then the run is still open and another attempt goes on.
 */
export async function executeRun(spec: RunSpecification, _ports: RunPorts): Promise<void> {
  throw new SluiceError('internal', `Run ${spec.runId} cannot be executed by this build.`);
}
