import { type ChangeClass, changeClasses } from '@sluice/domain/change';
import { z } from 'zod';

/**
 * The options of the HTTP Request object as its form holds them. The connector owns the rules and checks them again;
 * a test keeps the two in step.
 */
export const httpMethods = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const;
export const bodyTypes = { json: 'JSON', form: 'Form (URL-encoded)', text: 'Text' } as const;

const RequestForm = z.object({
  method: z.enum(httpMethods).default('POST'),
  url: z.string().default(''),
  headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  bodyType: z.enum(['json', 'form', 'text']).default('json'),
  body: z.string().default(''),
});
export type RequestForm = z.infer<typeof RequestForm>;

const RowResultsForm = z.object({
  path: z.string().default(''),
  by: z.enum(['index', 'key']).default('index'),
  keyField: z.string().nullable().default(null),
  statusField: z.string().nullable().default(null),
  failedValues: z.array(z.string()).default([]),
  errorField: z.string().nullable().default(null),
  messageField: z.string().nullable().default(null),
  failuresOnly: z.boolean().default(false),
  indexField: z.string().nullable().default(null),
});
export type RowResultsForm = z.infer<typeof RowResultsForm>;

const HttpOptionsForm = z.object({
  added: RequestForm.nullable().default(null),
  changed: RequestForm.nullable().default(null),
  removed: RequestForm.nullable().default(null),
  batchSize: z.number().default(1),
  requestsPerSecond: z.number().nullable().default(null),
  concurrency: z.number().default(5),
  answers: z
    .object({
      delivered: z.array(z.string()).default(['2xx']),
      rejected: z.array(z.string()).default([]),
      retry: z.array(z.string()).default(['408', '425', '429', '5xx']),
    })
    .prefault({}),
  rowResults: RowResultsForm.nullable().default(null),
});
export type HttpOptionsForm = z.infer<typeof HttpOptionsForm>;

/** The form of saved or empty options; what cannot be read is replaced by the default. */
export function httpOptionsOf(options: unknown): HttpOptionsForm {
  const parsed = HttpOptionsForm.safeParse(options);
  return parsed.success ? parsed.data : HttpOptionsForm.parse({});
}

/** A first request for a class, when it is switched on. */
export function newRequest(name: ChangeClass): RequestForm {
  const methods = { added: 'POST', changed: 'PATCH', removed: 'DELETE' } as const;
  return RequestForm.parse({ method: methods[name] });
}

/** Whether a draft writes requests; other objects have options of their own. */
export const isHttpRequest = ({ object, mode }: { object: string | null; mode: string | null }): boolean =>
  object === 'request' && mode === 'trigger';

/** Options with a first request for each class that is sent: all columns of the row, to the base URL. */
export function requestsFor(triggers: readonly ChangeClass[]): HttpOptionsForm {
  const requests = Object.fromEntries(triggers.map((name) => [name, newRequest(name)]));
  return HttpOptionsForm.parse(requests);
}

/** What is asked about row results when they are switched on. */
export const newRowResults = (): RowResultsForm => RowResultsForm.parse({});

/** Switches a class on or off: its trigger and its request go together; the request survives a switch back on. */
export function triggerClass(
  draft: {
    object: string | null;
    mode: string | null;
    triggers: ChangeClass[];
    options: Record<string, unknown>;
  },
  name: ChangeClass,
  on: boolean,
): { triggers: ChangeClass[]; options: Record<string, unknown> } {
  const triggers = changeClasses.filter((other) => (other === name ? on : draft.triggers.includes(other)));
  if (!isHttpRequest(draft)) return { triggers, options: draft.options };
  const options = httpOptionsOf(draft.options);
  return { triggers, options: { ...options, [name]: options[name] ?? newRequest(name) } };
}

/** Option path → what is wrong, for what can be seen without rendering a row. */
export function httpOptionProblems(
  options: unknown,
  triggers: readonly ChangeClass[],
): Record<string, string> {
  const form = httpOptionsOf(options);
  const problems: Record<string, string> = {};
  for (const name of triggers) {
    const request = form[name];
    if (!request) problems[name] = `Say which request to send for ${name} rows, or switch them off.`;
    request?.headers.forEach((header, index) => {
      if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(header.name)) {
        problems[`${name}.headers.${index}.name`] = 'A header name has letters, digits and hyphens only.';
      }
    });
  }
  if (!(form.batchSize >= 1 && form.batchSize <= 1000 && Number.isInteger(form.batchSize))) {
    problems.batchSize = 'A whole number from 1 to 1,000.';
  }
  if (!(form.concurrency >= 1 && form.concurrency <= 100 && Number.isInteger(form.concurrency))) {
    problems.concurrency = 'A whole number from 1 to 100.';
  }
  const rate = form.requestsPerSecond;
  if (rate !== null && !(rate >= 0.1 && rate <= 1000)) problems.requestsPerSecond = 'From 0.1 to 1,000.';
  for (const answer of ['delivered', 'rejected', 'retry'] as const) {
    const wrong = form.answers[answer].find((pattern) => !/^[2-5](\d\d|xx)$/i.test(pattern));
    if (wrong !== undefined) {
      problems[`answers.${answer}`] = `"${wrong}" is not a status such as 404, or a hundred such as 4xx.`;
    }
  }
  return { ...problems, ...rowResultProblems(form.rowResults) };
}

function rowResultProblems(results: RowResultsForm | null): Record<string, string> {
  const problems: Record<string, string> = {};
  if (!results) return problems;
  if (results.by === 'key' && !results.keyField) {
    problems['rowResults.keyField'] = 'Name the field that holds the key.';
  }
  if (!results.failuresOnly && !results.statusField && !results.errorField) {
    problems['rowResults.statusField'] = 'Name the field that tells a refused row: a status or an error.';
  }
  if (results.statusField && results.failedValues.length === 0 && !results.errorField) {
    problems['rowResults.failedValues'] = 'Say which values of the status mean that the row was refused.';
  }
  if (results.failuresOnly && results.by === 'index' && !results.indexField) {
    problems['rowResults.indexField'] = 'Name the field that holds the position of the row.';
  }
  return problems;
}
