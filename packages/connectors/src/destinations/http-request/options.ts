import type { ChangeClass } from '@sluice/domain/change';
import { z } from 'zod';
import { isReservedHeader } from './reserved-header.ts';

export const httpMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export const bodyTypes = ['json', 'form', 'text', 'none'] as const;

const template = z.string().max(100_000, 'A template has at most 100,000 characters.');

/** A header of the sync's own; the value is Liquid. Secret headers belong to the destination. */
export const HeaderTemplate = z.strictObject({
  name: z
    .string()
    .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'A header name has letters, digits and hyphens only.')
    .max(200)
    .refine((name) => !isReservedHeader(name), 'Sluice sets this header itself.'),
  value: template.max(10_000, 'A header has at most 10,000 characters.'),
});

/** The request of one class of rows. URL, header values and body are Liquid. */
export const RequestTemplate = z.strictObject({
  method: z.enum(httpMethods, 'Choose one of GET, POST, PUT, PATCH and DELETE.').default('POST'),
  /** A path below the base URL (`/contacts/{{ row.id }}`), or a whole URL of the same origin; empty = the base URL. */
  url: template.max(10_000, 'A URL has at most 10,000 characters.').default(''),
  headers: z.array(HeaderTemplate).max(50, 'A request has at most 50 headers.').default([]),
  bodyType: z.enum(bodyTypes, 'Choose JSON, form, text or no body.').default('json'),
  /** Empty = the row (or `{"rows": […]}`), encoded in the body type; GET never has a body. */
  body: template.default(''),
});
export type RequestTemplate = z.infer<typeof RequestTemplate>;

/** `404`, or `4xx` for a hundred of them. */
const StatusPattern = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[2-5](\d\d|xx)$/, 'Write a status such as 404, or a hundred such as 4xx.');
const patterns = z.array(StatusPattern).max(100);

/**
 * Which answer means what. An exact status wins over a hundred, then retry over rejected over delivered; what nothing
 * names is rejected. 401, 403 and redirects stop the run or count as wrong settings unless named exactly.
 */
export const AnswerRules = z.strictObject({
  delivered: patterns.default(['2xx']),
  rejected: patterns.default([]),
  retry: patterns.default(['408', '425', '429', '5xx']),
});
export type AnswerRules = z.infer<typeof AnswerRules>;

const path = z.string().trim().max(500);

/** Where a batch answer tells about single rows. Paths are dotted: `results`, `data.items`, `errors.0.code`. */
export const RowResults = z
  .strictObject({
    /** Path of the array in the answer; empty = the answer is the array. */
    path: path.default(''),
    /** `index`: entry n is row n. `key`: the entry's `keyField` holds the row's primary key (as text). */
    by: z.enum(['index', 'key'], 'Choose by position or by key.').default('index'),
    /** Path of the key in an entry, for `by: key`. */
    keyField: path.nullable().default(null),
    /** Path of the row's status in an entry. Without it an entry with something at `errorField` is a rejection. */
    statusField: path.nullable().default(null),
    /** Values of the status that mean rejected; numbers compare as text, patterns such as `4xx` are allowed. */
    failedValues: z.array(z.string().trim().min(1).max(200)).max(100).default([]),
    /** Path in an entry that holds something (not null, false, empty) only when the row was refused. */
    errorField: path.nullable().default(null),
    /** Path of the words of the refusal. */
    messageField: path.nullable().default(null),
    /** The array names refused rows only: rows without an entry are delivered. By index it needs `indexField`. */
    failuresOnly: z.boolean().default(false),
    /** Path of the row's position (from 0) in an entry, when entries do not come in the order of the rows. */
    indexField: path.nullable().default(null),
  })
  .superRefine((value, ctx) => {
    if (value.by === 'key' && !value.keyField)
      ctx.addIssue({ code: 'custom', path: ['keyField'], message: 'Name the field that holds the key.' });
    if (!value.failuresOnly && !value.statusField && !value.errorField)
      ctx.addIssue({
        code: 'custom',
        path: ['statusField'],
        message: 'Name the field that tells a refused row: a status or an error.',
      });
    if (value.statusField && value.failedValues.length === 0 && !value.errorField)
      ctx.addIssue({
        code: 'custom',
        path: ['failedValues'],
        message: 'Say which values of the status mean that the row was refused.',
      });
    if (value.failuresOnly && value.by === 'index' && !value.indexField)
      ctx.addIssue({
        code: 'custom',
        path: ['indexField'],
        message: 'Name the field that holds the position of the row, because refused rows alone are listed.',
      });
  });
export type RowResults = z.infer<typeof RowResults>;

/** Options of the object `request`: everything about a sync to an HTTP Request destination. */
export const HttpRequestOptions = z.strictObject({
  /** `null` = rows of this class need no request; required for each class that the sync's triggers name. */
  added: RequestTemplate.nullable().default(null),
  changed: RequestTemplate.nullable().default(null),
  removed: RequestTemplate.nullable().default(null),
  /** Rows in one request; above 1 the templates see `rows`, and no `row`. */
  batchSize: z
    .number('Give a number.')
    .int('Give a whole number.')
    .min(1, 'At least one row.')
    .max(1000, 'At most 1,000 rows.')
    .default(1),
  /** `null` = as fast as the concurrency allows. */
  requestsPerSecond: z
    .number('Give a number.')
    .min(0.1, 'At least 0.1 requests per second.')
    .max(1000, 'At most 1,000 requests per second.')
    .nullable()
    .default(null),
  /** Requests at once. */
  concurrency: z
    .number('Give a number.')
    .int('Give a whole number.')
    .min(1, 'At least one request at once.')
    .max(100, 'At most 100 requests at once.')
    .default(5),
  answers: AnswerRules.prefault({}),
  rowResults: RowResults.nullable().default(null),
});
export type HttpRequestOptions = z.infer<typeof HttpRequestOptions>;
/** What a form holds before defaults are filled in. */
export type HttpRequestOptionsInput = z.input<typeof HttpRequestOptions>;

/**
 * Field path (`added.url`, `answers.retry.0`) → message for every wrong option; empty when all is well.
 * A class in `triggers` needs its request.
 */
export function findOptionProblems(
  options: unknown,
  triggers: readonly ChangeClass[],
): Record<string, string> {
  const parsed = HttpRequestOptions.safeParse(options);
  const problems: Record<string, string> = {};
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems[issue.path.join('.')] ??= issue.message;
    return problems;
  }
  if (triggers.length === 0) problems.triggers = 'Choose at least one of added, changed and removed rows.';
  for (const name of triggers) {
    if (!parsed.data[name])
      problems[name] = `Say which request to send for ${name} rows, or switch them off.`;
  }
  return problems;
}
