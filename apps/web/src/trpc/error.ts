import { type ErrorView, errorView, SluiceError } from '@sluice/domain/error';
import { TRPCClientError } from '@trpc/client';

/** An error as the console shows it: what happened, why, what to do, and the id to report it with. */
export type ShownError = ErrorView & { requestId: string | null };

/** Any failure of a call, in the form that callouts, forms and toasts show. */
export function shownError(thrown: unknown): ShownError {
  if (thrown instanceof SluiceError) return { ...errorView(thrown), requestId: null };
  if (thrown instanceof TRPCClientError) {
    const view = sluiceOf(thrown.data);
    if (view) return view;
    if (!thrown.data) return unreachable;
  }
  return {
    code: 'internal',
    message: 'Something went wrong in this page.',
    fix: 'Reload it. If it happens again, report what you did before.',
    fault: 'ours',
    requestId: null,
  };
}

/** Whether the person has to sign in again. */
export function isUnauthenticated(thrown: unknown): boolean {
  return thrown instanceof TRPCClientError && sluiceOf(thrown.data)?.code === 'unauthenticated';
}

const unreachable: ShownError = {
  code: 'internal',
  message: 'Sluice could not be reached.',
  fix: 'Check your connection, and that Sluice is running. Nothing was changed that you have not seen confirmed.',
  fault: 'ours',
  requestId: null,
};

function sluiceOf(data: unknown): ShownError | null {
  if (typeof data !== 'object' || data === null || !('sluice' in data)) return null;
  return data.sluice as ShownError;
}
