import type { ChangeClass } from '@sluice/domain/change';
import type { Row, Value } from '@sluice/domain/column';
import { toSluiceError } from '@sluice/domain/error';
import type { DestinationRecord } from '../../kit/destination.ts';
import { columnsOfTemplate, compileTemplate, type TemplateScope } from '../../kit/template.ts';
import { valueToJson } from '../../kit/value-json.ts';
import type { HttpRequestConfiguration } from './configuration.ts';
import type { RequestTemplate } from './options.ts';
import { resolveUrl } from './request-url.ts';

/** A request, ready to be sent. Header names are as people wrote them. */
export interface RenderedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | null;
}

/** The request, or why these rows make none. */
export type Rendering =
  | { readonly request: RenderedRequest }
  | { readonly problem: { readonly code: string; readonly message: string } };

/**
 * Compiles the templates of one class once; the answer renders the request for one row (`batch: false`, `row` in
 * scope) or for several (`rows`). Throws `template_invalid` for a template that can never work.
 */
export function compileRequest(
  template: RequestTemplate,
  configuration: HttpRequestConfiguration,
  batch: boolean,
  variables: Readonly<Record<string, Value>>,
): (records: readonly DestinationRecord[]) => Rendering {
  const renderBody = template.body.trim() === '' ? null : compileTemplate(template.body);
  const renderAround = compileAround(template, configuration);
  return (records) => {
    const rows = records.map(({ row }) => row);
    const scope: TemplateScope = {
      ...(batch ? { rows } : { row: rows[0] ?? {} }),
      context: { ...variables, 'change-class': records[0]?.class ?? null },
    };
    return renderAround(scope, () => bodyOf(template, renderBody && (() => renderBody(scope)), batch, rows));
  };
}

/**
 * Compiles the request of a body that was made elsewhere, for templates that read no row; `null` for others, and where
 * the body is more than the rows.
 */
export function compileEnvelope(
  template: RequestTemplate,
  configuration: HttpRequestConfiguration,
  variables: Readonly<Record<string, Value>>,
): ((name: ChangeClass, body: Uint8Array) => Rendering) | null {
  const { method, bodyType, body } = template;
  if (method === 'GET' || body.trim() !== '' || bodyType === 'form' || bodyType === 'none') return null;
  const readRows = [template.url, ...template.headers.map(({ value }) => value)].some(
    (text) => columnsOfTemplate(text).length > 0,
  );
  if (readRows) return null;
  const renderAround = compileAround(template, configuration);
  return (name, made) =>
    renderAround({ rows: [], context: { ...variables, 'change-class': name } }, () => made);
}

/** Everything but the body. */
function compileAround(
  template: RequestTemplate,
  configuration: HttpRequestConfiguration,
): (scope: TemplateScope, makeBody: () => string | Uint8Array | null | Rendering) => Rendering {
  const renderUrl = compileTemplate(template.url);
  const headers = template.headers.map(({ name, value }) => ({ name, render: compileTemplate(value) }));
  return (scope, makeBody) => {
    try {
      const url = resolveUrl(configuration.baseUrl, renderUrl(scope));
      if ('problem' in url) return problem('url_invalid', url.problem);
      const body = makeBody();
      if (isRendering(body)) return body;
      const merged = new HeaderSet(configuration.headers, template, body !== null);
      for (const { name, render } of headers) {
        const value = render(scope).trim();
        if (!/^[\t\x20-\x7e]*$/.test(value)) {
          const why = `The header ${name} would hold a line break or a non-ASCII character.`;
          return problem('header_invalid', `${why} Encode the value: {{ row.name | url_encode }}.`);
        }
        merged.set(name, value);
      }
      return { request: { method: template.method, url: url.url, headers: merged.toObject(), body } };
    } catch (thrown) {
      const error = toSluiceError(thrown);
      if (error.code === 'internal') throw thrown;
      return problem(error.code, error.message);
    }
  };
}

const isRendering = (made: string | Uint8Array | null | Rendering): made is Rendering =>
  made !== null && typeof made === 'object' && !(made instanceof Uint8Array);

const contentTypes = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain; charset=utf-8',
  none: null,
} as const;

/** Header names are the same whatever their case; what is set last wins: destination, content type, sync. */
class HeaderSet {
  readonly #byName = new Map<string, { name: string; value: string }>();

  constructor(own: HttpRequestConfiguration['headers'], template: RequestTemplate, hasBody: boolean) {
    this.set('User-Agent', 'Sluice');
    this.set('Accept', 'application/json, */*;q=0.5');
    for (const { name, value } of own) this.set(name, value);
    const type = contentTypes[template.bodyType];
    if (hasBody && type && !this.#byName.has('content-type')) this.set('Content-Type', type);
  }

  set(name: string, value: string): void {
    this.#byName.set(name.toLowerCase(), { name, value });
  }

  toObject(): Record<string, string> {
    return Object.fromEntries(this.#byName.values().map(({ name, value }) => [name, value]));
  }
}

function bodyOf(
  template: RequestTemplate,
  render: (() => string) | null,
  batch: boolean,
  rows: readonly Row[],
): string | null | Rendering {
  if (template.method === 'GET' || template.bodyType === 'none') return null;
  if (!render) return defaultBody(template.bodyType, batch, rows);
  const text = render();
  if (template.bodyType === 'form') return joinedLines(text);
  if (template.bodyType === 'text') return text;
  const wrong = findJsonProblem(text);
  return wrong ? problem('template_invalid_json', wrong) : text;
}

/** Without a template the row itself is sent, or `{"rows": […]}`. */
function defaultBody(bodyType: 'json' | 'form' | 'text', batch: boolean, rows: readonly Row[]): string {
  const [row = {}] = rows;
  if (bodyType !== 'form') return valueToJson(batch ? { rows: [...rows] } : row);
  const fields = batch ? { rows: [...rows] } : row;
  return new URLSearchParams(
    Object.entries(fields).map(([name, value]) => [name, formText(value)]),
  ).toString();
}

function formText(value: Value): string {
  if (value === null) return '';
  return typeof value === 'object' ? valueToJson(value) : String(value);
}

/** Lets people write one pair per line; a line break inside a form body can only be layout. */
const joinedLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('');

/** What is wrong with a body that is declared JSON. Answers the place, never the values around it. */
function findJsonProblem(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : '';
    const place = /^(.*?)(?:, (?:\.\.\.)?".*| in JSON)?( at position \d+)?( \(line \d+ column \d+\))?$/s.exec(
      message,
    );
    const what = text.trim() === '' ? 'it is empty' : `${place?.[1] ?? 'unreadable'}${place?.[3] ?? ''}`;
    return `The body is not valid JSON: ${what}. Write values with the json filter, without quotes around them: {{ row.name | json }}.`;
  }
}

const problem = (code: string, message: string): Rendering => ({ problem: { code, message } });
