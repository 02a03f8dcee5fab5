import { errorView, type SluiceError } from '@sluice/domain/error';

/**
 * An error as clients of the contract know it: 422 says exactly "Validation failed", with the facts in `details`; all
 * others have the message itself. `details` always holds code, what to do, and the id to report it with.
 */
export function errorResponse(error: SluiceError, requestId: string): Response {
  const { code, message, fix, fields, details } = errorView(error);
  const body = {
    message: error.status === 422 ? 'Validation failed' : message,
    details: { code, message, fix, requestId, ...(fields && { fields }), ...details },
  };
  const headers: Record<string, string> = {};
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  if (error.status === 401) headers['www-authenticate'] = 'Bearer';
  return Response.json(body, { status: error.status, headers });
}
