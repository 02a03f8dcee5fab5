/** A part of an OpenAPI 3.1 document, as far as the reference page reads it. */
export interface ApiSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly readOnly?: boolean;
  readonly properties?: Readonly<Record<string, ApiSchema>>;
  readonly required?: readonly string[];
  readonly items?: ApiSchema;
  readonly oneOf?: readonly ApiSchema[];
  readonly anyOf?: readonly ApiSchema[];
  readonly allOf?: readonly ApiSchema[];
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: ApiSchema }>>;
}

interface ApiOperation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly 'x-permission'?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: ApiSchema;
  }[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses?: Readonly<Record<string, Content & { readonly description?: string }>>;
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, ApiSchema>> };
}

/** A field or parameter in one line. */
export interface FieldLine {
  /** `configuration.mode`, `data[].id`. */
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly note: string;
}

export interface OperationView {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly permission: string;
  readonly parameters: readonly FieldLine[];
  readonly body: readonly FieldLine[];
  readonly answer: { readonly description: string; readonly fields: readonly FieldLine[] };
}

/** The document as the page shows it: operations by their tag, in the order of the document. */
export function operationsByTag(document: ApiDocument): Map<string, OperationView[]> {
  const groups = new Map<string, OperationView[]>();
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags?.[0] ?? 'Other';
      const group = groups.get(tag) ?? [];
      group.push(operationView(document, method, path, operation));
      groups.set(tag, group);
    }
  }
  return groups;
}

function operationView(
  document: ApiDocument,
  method: string,
  path: string,
  operation: ApiOperation,
): OperationView {
  const [status, answered] = Object.entries(operation.responses ?? {}).find(([code]) => code < '3') ?? [];
  const name = method.toUpperCase();
  return {
    id: `${name}-${path}`.replaceAll(/[^A-Za-z0-9]+/g, '-'),
    method: name,
    path,
    summary: operation.summary ?? '',
    permission: operation['x-permission'] ?? '',
    parameters: (operation.parameters ?? []).map((parameter) => ({
      path: parameter.in === 'header' ? headerName(parameter.name) : parameter.name,
      type: `${typeWords(document, parameter.schema ?? {})}, in the ${parameter.in}`,
      required: parameter.required ?? false,
      note: noteOf({ ...parameter.schema, description: parameter.description ?? '' }),
    })),
    body: fieldLines(document, jsonOf(operation.requestBody), ''),
    answer: {
      description: `${status ?? ''} ${answered?.description ?? ''}`.trim(),
      fields: fieldLines(document, jsonOf(answered), ''),
    },
  };
}

const jsonOf = (part: Content | undefined): ApiSchema => part?.content?.['application/json']?.schema ?? {};

const levelsMax = 3;

/** The fields of an object, those inside it too, without what only an answer has. */
function fieldLines(document: ApiDocument, given: ApiSchema, prefix: string, level = 1): FieldLine[] {
  const schema = resolved(document, given);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const part = resolved(document, field);
    if (part.readOnly) return [];
    const path = `${prefix}${name}`;
    const line = {
      path,
      type: typeWords(document, field),
      required: schema.required?.includes(name) ?? false,
      note: noteOf(part),
    };
    if (level === levelsMax) return [line];
    const inner = part.items
      ? fieldLines(document, part.items, `${path}[].`, level + 1)
      : fieldLines(document, part, `${path}.`, level + 1);
    return [line, ...inner];
  });
}

function resolved(document: ApiDocument, schema: ApiSchema): ApiSchema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (document.components?.schemas?.[name] ?? {});
}

function typeWords(document: ApiDocument, given: ApiSchema): string {
  const name = given.$ref?.split('/').at(-1);
  const schema = resolved(document, given);
  if (schema.items) return `list of ${typeWords(document, schema.items)}`;
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return [...new Set(choices.map((choice) => typeWords(document, choice)))].join(' or ');
  const types = [schema.type ?? []].flat();
  return name ?? (types.length > 0 ? types.join(' or ') : 'any value');
}

function noteOf(schema: ApiSchema): string {
  const words = [
    schema.description ?? '',
    schema.enum ? `One of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}.` : '',
    schema.default === undefined ? '' : `Default ${JSON.stringify(schema.default)}.`,
  ];
  return words.filter((word) => word !== '').join(' ');
}

/** `idempotency-key` as people write it. */
const headerName = (name: string) => name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
