import { SluiceError } from '@sluice/domain/error';
import type { DryRunResult } from '@sluice/domain/sync';
import type { DraftSpecification, EnginePorts } from './run.ts';

/** Plans without sending or storing anything: counts, samples, requests, and what the guards would say. */
export async function dryRun(_spec: DraftSpecification, _ports: EnginePorts): Promise<DryRunResult> {
  throw new SluiceError('internal', 'Dry runs cannot be executed by this build.');
}
