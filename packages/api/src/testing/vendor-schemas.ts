import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';

type Schema = Record<string, unknown>;

/** Checks a value against a schema of the vendor's document; answers what is wrong, or null. */
export type VendorCheck = (name: string, value: unknown) => string | null;

/**
 * The vendor's description of the API that Sluice is compatible with, as a judge. It is not part of this repository:
 * `SLUICE_SHARED_DIR` names the directory that has `specs/hightouch-openapi.json`. `null` without it.
 */
export function readVendorSchemas(directory: string): VendorCheck | null {
  const path = resolve(directory, 'specs/hightouch-openapi.json');
  if (!existsSync(path)) return null;
  const document = JSON.parse(readFileSync(path, 'utf8')) as { components: { schemas: Schema } };
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat('double', { type: 'number', validate: Number.isFinite });
  ajv.addFormat('date-time', isoTime);
  ajv.addSchema({ $id: 'vendor', components: { schemas: withNulls(document.components.schemas) } });
  return (name, value) => {
    const check = ajv.compile({ $ref: `vendor#/components/schemas/${name}` });
    return check(value) ? null : ajv.errorsText(check.errors);
  };
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * The document is OpenAPI 3.0, whose `nullable` is no JSON Schema. Three fields of a run are not marked so, though its
 * own examples and all clients have null in them before a run starts, ends or fails.
 */
function withNulls(schemas: Schema): Schema {
  const translated = translate(schemas) as Record<string, { properties: Record<string, { type: unknown }> }>;
  for (const name of ['startedAt', 'finishedAt', 'error']) {
    const field = translated.SyncRun?.properties[name];
    if (field) field.type = ['string', 'null'];
  }
  return translated;
}

function translate(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(translate);
  if (typeof part !== 'object' || part === null) return part;
  const { nullable, ...rest } = part as Schema;
  const translated = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, translate(value)]),
  );
  if (nullable !== true) return translated;
  return { anyOf: [translated, { type: 'null' }] };
}
