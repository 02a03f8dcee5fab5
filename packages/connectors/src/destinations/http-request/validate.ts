import { type ChangeClass, changeClasses } from '@sluice/domain/change';
import { SluiceError } from '@sluice/domain/error';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { columnsOfTemplate } from '../../kit/template.ts';
import { findOptionProblems, HttpRequestOptions, type RequestTemplate } from './options.ts';
import { resolveUrl } from './request-url.ts';

/**
 * Checks a sync to the object `request`. Answers path in the configuration (`options.added.url`) → message; templates
 * are parsed, their columns compared with the model's, and fixed text is tried as what it is declared to be.
 */
export function validate(
  configuration: SyncConfiguration,
  columns: readonly string[],
  baseUrl: URL,
): Record<string, string> {
  const problems: Record<string, string> = {};
  if (configuration.mode !== 'trigger') problems.mode = 'HTTP requests have one mode: Requests.';
  if (configuration.mappings.length > 0) {
    problems.mappings = 'HTTP requests have no mappings: columns go into the templates, as {{ row.name }}.';
  }
  if (configuration.matchKey) {
    problems.matchKey =
      'HTTP requests have no match key: put the column that identifies a row into the URL or the body.';
  }
  const wrong = findOptionProblems(configuration.options, configuration.triggers);
  for (const [path, message] of Object.entries(wrong)) {
    problems[path === 'triggers' ? path : path === '' ? 'options' : `options.${path}`] = message;
  }
  const parsed = HttpRequestOptions.safeParse(configuration.options);
  if (!parsed.success) return problems;
  for (const name of changeClasses) {
    const request = parsed.data[name];
    if (!request) continue;
    const add = (path: string, message: string | null): void => {
      if (message) problems[`options.${name}.${path}`] ??= message;
    };
    checkRequest(request, name, { columns, baseUrl, batch: parsed.data.batchSize > 1 }, add);
  }
  return problems;
}

interface Surroundings {
  readonly columns: readonly string[];
  readonly baseUrl: URL;
  readonly batch: boolean;
}

function checkRequest(
  request: RequestTemplate,
  name: ChangeClass,
  surroundings: Surroundings,
  add: (path: string, message: string | null) => void,
): void {
  add('url', findTemplateProblem(request.url, surroundings) ?? findUrlProblem(request.url, surroundings));
  request.headers.forEach((header, index) => {
    add(`headers.${index}.value`, findTemplateProblem(header.value, surroundings));
  });
  if (request.method === 'GET' || request.bodyType === 'none') {
    if (request.body.trim() !== '') {
      const why = request.method === 'GET' ? 'A GET request' : 'A request without body';
      add('body', `${why} sends none of this: empty the template, or choose otherwise.`);
    }
    if (!/\{\{/.test(request.url)) {
      add('url', `Nothing of the ${name} row is sent: put a column into the URL, or choose a body.`);
    }
    return;
  }
  add('body', findTemplateProblem(request.body, surroundings) ?? findBodyProblem(request));
}

function findTemplateProblem(text: string, { columns, batch }: Surroundings): string | null {
  let used: string[] | 'all';
  try {
    used = columnsOfTemplate(text);
  } catch (thrown) {
    if (thrown instanceof SluiceError) return thrown.message;
    throw thrown;
  }
  if (used === 'all') return null;
  const [column] = used;
  if (batch && column !== undefined) {
    return `There is no single row in a batch: write {% for row in rows %} … {% endfor %}, or send one row per request.`;
  }
  const missing = used.find((one) => !columns.includes(one));
  return missing === undefined ? null : `The model has no column "${missing}".`;
}

/** Liquid stands for something harmless; what is fixed must make a URL of this origin. */
function findUrlProblem(url: string, { baseUrl }: Surroundings): string | null {
  const resolved = resolveUrl(baseUrl, url.replace(liquid, 'x'));
  return 'problem' in resolved ? resolved.problem : null;
}

function findBodyProblem({ bodyType, body }: RequestTemplate): string | null {
  if (bodyType !== 'json' || body.trim() === '' || body.search(liquid) >= 0) return null;
  try {
    JSON.parse(body);
    return null;
  } catch {
    return 'This is not valid JSON.';
  }
}

const liquid = /\{\{.*?\}\}|\{%.*?%\}/gs;
