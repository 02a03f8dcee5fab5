import type { FileLife } from '@sluice/connectors/kit/file-batch';
import type { SluiceError } from '@sluice/domain/error';
import type { OpenPlan } from '../plan/open-plan.ts';
import type { DeliveryPorts } from './deliver.ts';
import { sendFile } from './send-file.ts';

/**
 * Writes the file of a run that has no rows for it, where the sync wants one. There is nothing to record: an attempt that
 * goes on writes it again. Answers why it could not be written.
 */
export async function deliverEmptyFile(
  files: FileLife,
  { plan, ...ports }: DeliveryPorts & { readonly plan: OpenPlan },
): Promise<SluiceError | null> {
  const { writer, signal, store, runLabel } = ports;
  const gate = ports.limiter.open(writer.limits);
  const nothing = {
    intent: { seqFrom: 1, seqTo: 0, class: 'added' },
    part: { number: 1, of: 1 },
  } as const;
  try {
    const sent = await sendFile(nothing, `${runLabel}-empty`, {
      ...{ plan, map: ports.map, files, writer, gate, retry: ports.retry },
      stop: signal,
      cut: signal,
      onRetry: ({ attempt, reason }) =>
        store.event('warning', 'deliver', 'The file without rows is written again.', { reason, attempt }),
    });
    return sent.failure;
  } finally {
    gate.close();
  }
}
