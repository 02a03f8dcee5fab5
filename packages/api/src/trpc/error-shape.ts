import { type ErrorView, errorView, SluiceError, toSluiceError } from '@sluice/domain/error';
import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { inputError } from '../input-error.ts';

/** What the console gets of an error, as `error.data.sluice`. */
export type ApiErrorView = ErrorView & { requestId: string; retryAfterMs?: number };

/** Any error of a procedure as a SluiceError: input that does not fit its schema becomes `input_invalid` with fields. */
export function sluiceErrorOf(error: TRPCError): SluiceError {
  const { cause } = error;
  if (cause instanceof SluiceError) return cause;
  if (cause instanceof ZodError) return inputError(cause);
  if (error.code === 'NOT_FOUND') {
    return new SluiceError('not_found', 'There is no such procedure.', { fix: 'Reload the page.' });
  }
  if (error.code === 'PAYLOAD_TOO_LARGE') {
    return new SluiceError('payload_too_large', 'The request is too large.', { cause: error });
  }
  if (['BAD_REQUEST', 'PARSE_ERROR', 'METHOD_NOT_SUPPORTED', 'UNSUPPORTED_MEDIA_TYPE'].includes(error.code)) {
    return new SluiceError('input_invalid', 'The request could not be read.', { cause: error });
  }
  return toSluiceError(cause ?? error);
}

/** The TRPCError whose HTTP status fits the SluiceError. */
export function trpcErrorOf(error: SluiceError): TRPCError {
  return new TRPCError({
    code: codes[error.status] ?? 'INTERNAL_SERVER_ERROR',
    message: error.message,
    cause: error,
  });
}

/** The part of an error that may leave the process. */
export function apiErrorView(error: SluiceError, requestId: string): ApiErrorView {
  return {
    ...errorView(error),
    requestId,
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
  };
}

const codes: Record<number, TRPCError['code']> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  502: 'BAD_GATEWAY',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
};
