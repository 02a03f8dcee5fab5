/** A description of an API in Google's own format, as far as it is read here. */
interface Discovery {
  readonly parameters: Record<string, Schema>;
  readonly resources: Record<string, Resource>;
  readonly schemas: Record<string, Schema>;
}

/** Resources hold others: the values of a spreadsheet. */
interface Resource {
  readonly methods?: Record<string, Method>;
  readonly resources?: Record<string, Resource>;
}

interface Method {
  readonly httpMethod: string;
  readonly flatPath: string;
  readonly parameters?: Record<string, Schema & { readonly location: string; readonly required?: boolean }>;
  readonly request?: { readonly $ref: string };
  readonly response?: { readonly $ref: string };
}

type Schema = Record<string, unknown>;

/**
 * The same description as OpenAPI, so that one judge serves both. Objects take no members that are not described: Google's
 * servers refuse them. https://developers.google.com/discovery/v1/reference/apis (read 2026-11-22)
 */
export function openApiOf(document: unknown): {
  openapi: string;
  paths: Record<string, Record<string, unknown>>;
} {
  const discovery = document as Discovery;
  const common = Object.keys(discovery.parameters).map((name) => ({ name, in: 'query' }));
  const paths: Record<string, Record<string, unknown>> = {};
  for (const method of methodsOf(discovery.resources)) {
    const path = `/${method.flatPath}`;
    paths[path] ??= {};
    paths[path][method.httpMethod.toLowerCase()] = operation(method, common);
  }
  const schemas = Object.entries(discovery.schemas).map(([name, schema]) => [name, jsonSchema(schema)]);
  return { openapi: '3.1.0', paths, components: { schemas: Object.fromEntries(schemas) } } as never;
}

const methodsOf = (resources: Record<string, Resource>): Method[] =>
  Object.values(resources).flatMap((resource) => [
    ...Object.values(resource.methods ?? {}),
    ...methodsOf(resource.resources ?? {}),
  ]);

function operation(method: Method, common: readonly object[]): object {
  const own = Object.entries(method.parameters ?? {}).map(([name, { location, required }]) => ({
    name,
    in: location,
    // Those of the path are in the path.
    required: location === 'query' && required === true,
  }));
  const content = (schema: { $ref: string }) => ({ 'application/json': { schema: jsonSchema(schema) } });
  return {
    parameters: [...own, ...common],
    ...(method.request && { requestBody: { required: true, content: content(method.request) } }),
    ...(method.response && { responses: { 200: { content: content(method.response) } } }),
  };
}

/** References become absolute; words that JSON Schema does not have are left out. */
function jsonSchema(schema: unknown): Schema {
  const { $ref, type, format, properties, items, additionalProperties, enum: allowed } = schema as Schema;
  if ($ref !== undefined) return { $ref: `#/components/schemas/${$ref}` };
  if (type === 'any') return {};
  return {
    ...(type !== undefined && { type }),
    ...(typeof format === 'string' && /^u?int64$/.test(format) && { pattern: '^-?\\d+$' }),
    ...(Array.isArray(allowed) && { enum: allowed }),
    ...(items !== undefined && { items: jsonSchema(items) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties as Schema).map(([name, inner]) => [name, jsonSchema(inner)]),
      ),
    }),
    ...(type === 'object' && {
      additionalProperties: additionalProperties === undefined ? false : jsonSchema(additionalProperties),
    }),
  };
}
