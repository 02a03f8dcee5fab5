import { SluiceError } from '@sluice/domain/error';
import { type ErrorCode, errorCodes } from '@sluice/domain/error-code';
import { z } from 'zod';

const Body = z.object({
  message: z.string(),
  details: z
    .object({
      code: z.string().optional(),
      message: z.string().optional(),
      fix: z.string().optional(),
      requestId: z.string().optional(),
      fields: z.record(z.string(), z.string()).optional(),
    })
    .loose()
    .optional(),
});

/** What a refusing answer of the API says, as an error; `null` when the answer is not one of the API. */
export function apiError(body: unknown): SluiceError | null {
  const parsed = Body.safeParse(body);
  if (!parsed.success) return null;
  const { message, details = {} } = parsed.data;
  return new SluiceError(codeOf(details.code), details.message ?? message, {
    ...(details.fix && { fix: details.fix }),
    ...(details.fields && { fields: details.fields }),
    details: { requestId: details.requestId ?? 'unknown' },
  });
}

const codeOf = (code: string | undefined): ErrorCode =>
  code !== undefined && Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : 'internal';
