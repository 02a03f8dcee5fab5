import type { ConfigField } from './field.ts';

/** A part of a JSON Schema (draft 2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The configuration of a connector as JSON Schema, made from its fields. A field that is shown only while another one
 * has certain values is required under the same condition. Secrets are `writeOnly`.
 */
export function configurationSchema(fields: readonly ConfigField[]): JsonSchema {
  const always = fields.filter((field) => field.required && !field.visibleWhen && !hasDefault(field));
  const sometimes = fields.filter((field) => field.required && field.visibleWhen && !hasDefault(field));
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
    required: always.map(({ name }) => name),
    ...(sometimes.length > 0 && { allOf: sometimes.map(requiredWhen) }),
    additionalProperties: false,
  };
}

function fieldSchema(field: ConfigField): JsonSchema {
  return {
    title: field.label,
    ...(field.help && { description: field.help }),
    ...typeOf(field),
    ...(hasDefault(field) && { default: field.default }),
    ...(field.placeholder && { examples: [field.placeholder] }),
    ...(field.secret && { writeOnly: true }),
  };
}

function typeOf(field: ConfigField): JsonSchema {
  switch (field.kind) {
    case 'grant':
      return { type: 'integer' };
    case 'number':
      return { type: 'number' };
    case 'checkbox':
      return { type: 'boolean' };
    case 'select':
      return { type: 'string', enum: (field.options ?? []).map(({ value }) => value) };
    case 'headers':
      return { type: 'array', items: header };
    case 'password':
      return { type: 'string', format: 'password' };
    default:
      return { type: 'string' };
  }
}

const header: JsonSchema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    value: { type: 'string' },
    secret: { type: 'boolean', default: false },
  },
  required: ['name', 'value'],
  additionalProperties: false,
};

function requiredWhen({ name, visibleWhen }: ConfigField): JsonSchema {
  const field = visibleWhen?.field ?? '';
  const condition = { properties: { [field]: { enum: visibleWhen?.values ?? [] } }, required: [field] };
  // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema.
  return { if: condition, then: { required: [name] } };
}

const hasDefault = (field: ConfigField): boolean => field.default !== undefined;
