import type { DestinationWriter } from '@sluice/connectors/kit/destination';
import type { SluiceError } from '@sluice/domain/error';
import { keepTrying } from '../keep-trying.ts';
import { runVariables } from '../map/run-variables.ts';
import type { RunStore } from '../ports.ts';
import type { EnginePorts, RunSpecification } from '../run.ts';

/**
 * Opens the writer of a run. A destination that cannot be reached for a moment is asked again; one that refuses the
 * credentials, or whose quota is used up, is not.
 */
export function openWriter(
  spec: RunSpecification,
  ports: Pick<EnginePorts, 'destination' | 'retry' | 'signal'> & { readonly store?: Pick<RunStore, 'event'> },
): Promise<DestinationWriter> {
  return keepTrying(() => ports.destination.writer(spec.configuration, runVariables(spec)), passes, {
    ...ports,
    onRetry: ({ error, attempt }) =>
      ports.store?.event('warning', 'deliver', `The destination is asked again: ${error.message}`, {
        reason: error.code,
        attempt,
      }),
  });
}

const passes = ({ fault, retry, code }: SluiceError): boolean =>
  fault === 'theirs' && retry && code !== 'destination_quota';
