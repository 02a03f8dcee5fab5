/** A description of an API in the format of Meta's SDK generator, as far as it is read here. */
interface MetaDescription {
  readonly objects: Record<string, { readonly apis?: readonly Api[] }>;
  readonly enums: readonly { readonly name: string; readonly values: readonly string[] }[];
}

interface Api {
  readonly method: string;
  /** Below the object; left out for the object itself. */
  readonly endpoint?: string | null;
  readonly params: readonly { readonly name: string; readonly required: boolean; readonly type: string }[];
}

/** Where objects are found by their id. */
const paths: Readonly<Record<string, string>> = { AdAccount: '/act_{id}', CustomAudience: '/{id}' };

/**
 * What every reading and every request takes. https://developers.facebook.com/docs/graph-api/results and
 * https://developers.facebook.com/docs/graph-api/guides/secure-requests (read 2026-11-22)
 */
const common = ['appsecret_proof', 'fields', 'limit', 'after'].map((name) => ({ name, in: 'query' }));

/** The same description as OpenAPI, so that one judge serves all. Bodies take no member that is not described. */
export function openApiOfMeta(document: unknown): {
  openapi: string;
  paths: Record<string, Record<string, unknown>>;
} {
  const { objects, enums } = document as MetaDescription;
  const allowed = new Map(enums.map(({ name, values }) => [name, values]));
  const described: Record<string, Record<string, unknown>> = {};
  for (const [name, { apis = [] }] of Object.entries(objects)) {
    const base = paths[name];
    if (base === undefined) continue;
    for (const { method, endpoint, params } of apis) {
      const path = endpoint ? `${base}/${endpoint}` : base;
      described[path] ??= {};
      const schema = {
        type: 'object',
        properties: Object.fromEntries(params.map((param) => [param.name, schemaOf(param.type, allowed)])),
        required: params.filter(({ required }) => required).map((param) => param.name),
        additionalProperties: false,
      };
      described[path][method.toLowerCase()] =
        method === 'GET'
          ? { parameters: [...common, ...params.map((param) => ({ name: param.name, in: 'query' }))] }
          : { parameters: common, requestBody: { content: { 'application/json': { schema } } } };
    }
  }
  return { openapi: '3.1.0', paths: described };
}

function schemaOf(type: string, enums: ReadonlyMap<string, readonly string[]>): object {
  const values = enums.get(type);
  if (values) return { enum: values };
  if (type.startsWith('list')) return { type: 'array' };
  const plain: Readonly<Record<string, object>> = {
    string: { type: 'string' },
    bool: { type: 'boolean' },
    int: { type: 'integer' },
    'unsigned int': { type: 'integer', minimum: 0 },
    Object: { type: 'object' },
    map: { type: 'object' },
  };
  return plain[type] ?? {};
}
