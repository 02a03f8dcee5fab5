import { z } from '@hono/zod-openapi';
import { Id } from '@sluice/domain/id';

/**
 * Values as existing clients spell them: ids as `42`, `"42"`, `42.0` or `4.2e+01` (Go and Python print floats), booleans
 * as `"false"`. Answers always have plain JSON numbers and booleans.
 */
export const looseId = z.preprocess(numberOf, Id).openapi({ type: 'integer', example: 42 });

/** The same as a filter: a number that no resource can have finds nothing instead of being refused. */
export const looseIdFilter = z
  .preprocess(numberOf, z.number())
  .transform((value) => (Id.safeParse(value).success ? value : 0))
  .openapi({ type: 'integer', example: 42 });

export const looseBoolean = z
  .preprocess(
    (value) => (typeof value === 'string' ? (booleans[value.toLowerCase()] ?? value) : value),
    z.boolean(),
  )
  .openapi({ type: 'boolean' });

/** A count in a query string, brought down to `max`. */
export const looseCount = (options: { fallback: number; max: number; min?: number }) =>
  z
    .preprocess(
      (value) => numberOf(value) ?? options.fallback,
      z
        .number()
        .int()
        .min(options.min ?? 0),
    )
    .transform((value) => Math.min(value, options.max))
    .openapi({
      type: 'integer',
      minimum: options.min ?? 0,
      default: options.fallback,
      maximum: options.max,
    });

export const looseTime = z
  .string()
  .refine((value) => !Number.isNaN(Date.parse(value)), 'Write an ISO 8601 time such as 2026-11-22T07:00:00Z.')
  .transform((value) => new Date(value))
  .openapi({ type: 'string', format: 'date-time' });

const booleans: Record<string, boolean> = { true: true, '1': true, false: false, '0': false, '': false };

function numberOf(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value === '' ? undefined : value;
  return /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value.trim()) ? Number(value) : value;
}
