import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { ReceivedRequest } from '../http-server.ts';
import { openApiOf } from './discovery-spec.ts';
import { openApiOfMeta } from './meta-spec.ts';

/** Where the vendors' own descriptions are kept: beside the repository, because they are not ours to ship. */
const directory = join(import.meta.dirname, '../../../../../shared/vendor-specs');

/** A vendor's own description of its API, as judge of the requests that we send and of the answers that a fake gives. */
export interface VendorSpec {
  /** What the description objects to in a request; empty when it fits. `path` is below the API's base. */
  judgeRequest(request: Pick<ReceivedRequest, 'method' | 'headers' | 'body'>, path: string): string[];
  /** The same for the JSON body of an answer; an operation or status without a schema objects to nothing. */
  judgeAnswer(method: string, path: string, status: number, body: unknown): string[];
}

/**
 * Reads a vendor's description. `null` where the descriptions are not beside the repository, which is said once;
 * with `CI=true` that is an error instead, so that nobody believes requests were judged which were not.
 */
export function openVendorSpec(name: string): VendorSpec | null {
  const known = opened.get(name);
  if (known) return known;
  const path = join(directory, `${name}.json`);
  if (existsSync(path)) {
    const document: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const spec = createVendorSpec(toOpenApi(document));
    opened.set(name, spec);
    return spec;
  }
  const absent = `No description of ${name} at ../shared/vendor-specs: requests to its fake are not judged by it.`;
  if (process.env.CI === 'true') throw new Error(absent);
  process.stderr.write(`${absent}\n`);
  return null;
}

/** Schemas are compiled when they are first needed, which takes a second for the largest. */
const opened = new Map<string, VendorSpec>();

/** Google and Meta describe their APIs in formats of their own. */
function toOpenApi(document: unknown): OpenApi {
  if (Object.hasOwn(document as object, 'discoveryVersion')) return openApiOf(document);
  if (Object.hasOwn(document as object, 'enums')) return openApiOfMeta(document);
  return document as OpenApi;
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, unknown>>;
}

interface Reference {
  readonly $ref: string;
}

type Content = Record<string, { schema?: object }>;

interface Operation {
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: { readonly required?: boolean; readonly content?: Content } | Reference;
  readonly responses?: Record<string, { readonly content?: Content } | Reference>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

interface Template {
  readonly template: string;
  readonly pattern: RegExp;
  readonly methods: Record<string, Operation>;
  readonly common: readonly (Parameter | Reference)[];
}

/** Makes the judge out of a parsed OpenAPI document. */
export function createVendorSpec(source: OpenApi): VendorSpec {
  const document = asJsonSchema(source) as OpenApi;
  const json = new Ajv2020({ strict: false, allErrors: true, validateFormats: true, logger: false });
  const form = new Ajv2020({ strict: false, allErrors: true, coerceTypes: 'array', logger: false });
  for (const ajv of [json, form]) {
    formats.default(ajv);
    ajv.addSchema(document as object, 'spec');
  }
  const templates = Object.entries(document.paths).map(
    ([template, methods]): Template => ({
      template,
      pattern: new RegExp(
        `^${template
          .split('#')[0]
          ?.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
          .replace(/\{[^}]+\}/g, '[^/]+')}$`,
      ),
      methods: methods as Record<string, Operation>,
      common: (methods.parameters as (Parameter | Reference)[] | undefined) ?? [],
    }),
  );
  const find = (method: string, path: string): { template: Template; operation: Operation } | null => {
    const found = templates
      .filter(({ pattern, methods }) => pattern.test(path) && methods[method.toLowerCase()])
      // The one with the fewest holes is meant: /objects/contacts before /objects/{objectType}.
      .sort((a, b) => holes(a.template) - holes(b.template))[0];
    const operation = found?.methods[method.toLowerCase()];
    return found && operation ? { template: found, operation } : null;
  };
  const resolve = <Part>(part: Part | Reference | undefined): Part | undefined => {
    if (typeof part !== 'object' || part === null || !('$ref' in part)) return part as Part | undefined;
    const steps = part.$ref.replace(/^spec#\//, '').split('/');
    const names = steps.map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
    return resolve(
      names.reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], document) as Part,
    );
  };
  const compiled = new Map<unknown, ValidateFunction>();
  const validate = (ajv: Ajv2020, schema: object, value: unknown): string[] => {
    const check = compiled.get(schema) ?? ajv.compile(schema);
    compiled.set(schema, check);
    if (check(value)) return [];
    // The first few say it; an `anyOf` of many alternatives objects once for each of them.
    return (check.errors ?? [])
      .slice(0, 8)
      .map(({ instancePath, message, params }) =>
        `${instancePath || 'body'} ${message} ${JSON.stringify(params)}`.slice(0, 300),
      );
  };

  return {
    judgeRequest(request, wholePath) {
      const [path = '', search = ''] = wholePath.split('?');
      const found = find(request.method, path);
      const named = `${request.method} ${path}`;
      if (!found) return [`${named}: the vendor describes no such operation`];
      const { template, operation } = found;
      const parameters = [...template.common, ...(operation.parameters ?? [])].flatMap(
        (one) => resolve(one) ?? [],
      );
      const problems = judgeQuery(parameters, new URLSearchParams(search));
      const requestBody = resolve(operation.requestBody);
      const content = requestBody?.content;
      if (!content) return problems.map((problem) => `${named}: ${problem}`);
      const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
      // A vendor that describes forms may take JSON too; the shape is the same.
      const described = content[type] ? type : Object.keys(content)[0];
      if (request.body === '') {
        if (requestBody?.required) problems.push('the body is missing');
      } else if (described && content[described]?.schema) {
        const { schema } = content[described];
        const isForm = type === 'application/x-www-form-urlencoded';
        const body: unknown = isForm ? formValues(request.body) : JSON.parse(request.body);
        problems.push(...validate(isForm || described !== type ? form : json, schema, body));
      }
      return problems.map((problem) => `${named}: ${problem}`);
    },
    judgeAnswer(method, wholePath, status, body) {
      const [path = ''] = wholePath.split('?');
      const found = find(method, path);
      const content = resolve(found?.operation.responses?.[String(status)])?.content;
      const type = content && Object.keys(content).find((name) => name.includes('json'));
      const schema = type && content[type]?.schema;
      if (!schema) return [];
      return validate(json, schema, body).map((problem) => `${method} ${path} answers ${status}: ${problem}`);
    },
  };
}

const holes = (template: string): number => template.split('{').length;

function judgeQuery(parameters: readonly Parameter[], query: URLSearchParams): string[] {
  const known = parameters.filter((parameter) => parameter.in === 'query');
  const missing = known.filter(({ name, required }) => required && !query.has(name));
  const unknown = [...new Set(query.keys())].filter(
    (name) =>
      !known.some((parameter) => parameter.name === name || parameter.name === name.replace(/\[.*$/, '')),
  );
  return [
    ...missing.map(({ name }) => `the query lacks ${name}`),
    ...unknown.map((name) => `the query has ${name}, which is not described`),
  ];
}

function formValues(body: string): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body)) values[name] = value;
  return values;
}

/**
 * OpenAPI 3.0 says `nullable`, where JSON Schema has a type of null. `oneOf` becomes `anyOf`: vendors write it over
 * alternatives that overlap, so that nothing at all would fit exactly one. References name the document, because schemas are compiled one by one.
 */
function asJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asJsonSchema);
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' && value.startsWith('#/') ? `spec${value}` : value;
  }
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name === 'oneOf' && Array.isArray(part) && !('anyOf' in value) ? 'anyOf' : name,
      asJsonSchema(part),
    ]),
  );
  if (nullable !== true) return nullable === undefined || nullable === false ? rest : { ...rest, nullable };
  if (typeof rest.type === 'string') {
    const types = { ...rest, type: [rest.type, 'null'] };
    return Array.isArray(rest.enum) ? { ...types, enum: [...rest.enum, null] } : types;
  }
  return { anyOf: [rest, { type: 'null' }] };
}
