import type { RunCounts } from '@sluice/domain/change';
import { errorView, type SluiceError } from '@sluice/domain/error';
import type { RunEnd } from './ports.ts';

/** How a run ended, as the store takes it. */
export function endOf(end: {
  status: RunEnd['status'];
  counts: RunCounts;
  ledger?: RunEnd['ledger'];
  error: SluiceError | null;
}): RunEnd {
  const view = end.error && errorView(end.error);
  return {
    status: end.status,
    counts: end.counts,
    ledger: end.ledger ?? null,
    error: view && {
      code: view.code,
      message: view.message,
      fix: view.fix,
      ...(view.details && { details: view.details }),
    },
  };
}
