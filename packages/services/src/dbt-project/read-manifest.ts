import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type DbtColumn, type DbtExposure, type DbtNodeKind, dbtNodeKinds } from '@sluice/domain/dbt-project';
import { z } from 'zod';
import { artifactInvalid, parseArtifact } from './parse-artifact.ts';

/** A node with rows, as a manifest says it. */
export interface ManifestNode {
  readonly uniqueId: string;
  readonly kind: DbtNodeKind;
  readonly name: string;
  readonly description: string;
  readonly packageName: string;
  readonly path: string;
  readonly materialised: string;
  readonly relation: string | null;
  readonly database: string | null;
  readonly schema: string | null;
  readonly checksum: string | null;
  readonly rawSql: string | null;
  readonly compiledSql: string | null;
  readonly columns: readonly DbtColumn[];
  readonly tags: readonly string[];
  readonly exposures: readonly DbtExposure[];
}

export interface Manifest {
  readonly schemaVersion: number;
  readonly dbtVersion: string | null;
  readonly projectName: string | null;
  readonly adapter: string | null;
  readonly generatedAt: Date | null;
  readonly nodes: readonly ManifestNode[];
}

/**
 * Reads a manifest.json. One at a time in this process: a parsed manifest takes several times its size in memory.
 * Throws `input_invalid`, naming what is wrong with it.
 */
export function readManifest(path: string): Promise<Manifest> {
  const reading = before.then(async () => manifestOf(await readFile(path)));
  before = reading.catch(() => undefined);
  return reading;
}

let before: Promise<unknown> = Promise.resolve();

/**
 * Artifact schemas whose fields are known. dbt 1.5 writes 9, dbt 1.8 to 1.11 write 12, and dbt's Fusion engine writes
 * 20, which equals 12: https://docs.getdbt.com/reference/artifacts/manifest-json (2026-11-22).
 */
const schemaVersions = [9, 10, 11, 12, 20];

const text = z.string().transform(storable);
const optionalText = text.nullish().transform((value) => value ?? null);

const Top = z.object({
  metadata: z.object({
    dbt_version: optionalText,
    generated_at: z.string().nullish(),
    adapter_type: optionalText,
    project_name: optionalText,
  }),
  nodes: z.record(z.string(), z.looseObject({ resource_type: z.string() })),
  exposures: z.record(z.string(), z.unknown()).default({}),
});

const Node = z.object({
  unique_id: text.pipe(z.string().min(1).max(500)),
  resource_type: z.enum(dbtNodeKinds),
  name: text,
  description: text.nullish(),
  package_name: text,
  original_file_path: text,
  database: optionalText,
  schema: optionalText,
  relation_name: optionalText,
  checksum: z.object({ name: z.string(), checksum: z.string() }).nullish(),
  config: z.object({ materialized: text.nullish() }).nullish(),
  raw_code: optionalText,
  compiled_code: optionalText,
  columns: z
    .record(z.string(), z.object({ name: text, description: text.nullish(), data_type: optionalText }))
    .default({}),
  tags: z.array(text).default([]),
});

const Exposure = z.object({
  name: text,
  label: text.nullish(),
  type: text,
  url: optionalText,
  owner: z.object({ name: text.nullish(), email: z.union([text, z.array(text)]).nullish() }).nullish(),
  depends_on: z.object({ nodes: z.array(z.string()).default([]) }).nullish(),
});

function manifestOf(bytes: Buffer): Manifest {
  const { value, schemaVersion } = parseArtifact(bytes, 'manifest', schemaVersions);
  const top = parse(Top, value, []);
  const exposures = exposuresByNode(top.exposures);
  const { metadata } = top;
  const nodes = Object.entries(top.nodes)
    .filter(([, node]) => dbtNodeKinds.some((kind) => kind === node.resource_type))
    .map(([id, node]) => nodeOf(parse(Node, node, ['nodes', id]), exposures));
  const at = metadata.generated_at ? new Date(metadata.generated_at) : null;
  return {
    schemaVersion,
    dbtVersion: metadata.dbt_version,
    projectName: metadata.project_name,
    adapter: metadata.adapter_type,
    generatedAt: at && Number.isNaN(at.getTime()) ? null : at,
    nodes,
  };
}

function nodeOf(
  node: z.output<typeof Node>,
  exposures: ReadonlyMap<string, readonly DbtExposure[]>,
): ManifestNode {
  const { checksum } = node;
  // An analysis says `view` as well, but dbt never makes it.
  const analysis = node.resource_type === 'analysis';
  return {
    uniqueId: node.unique_id,
    kind: node.resource_type,
    name: node.name,
    description: node.description ?? '',
    packageName: node.package_name,
    path: node.original_file_path,
    materialised: analysis ? 'none' : (node.config?.materialized ?? 'table'),
    relation: analysis ? null : node.relation_name,
    database: node.database,
    schema: node.schema,
    // Seeds of more than 1 MB carry their path instead of a checksum.
    checksum: checksum?.name === 'sha256' && checksum.checksum !== '' ? checksum.checksum : null,
    rawSql: node.raw_code === '' ? null : node.raw_code,
    compiledSql: node.compiled_code?.trim() ? node.compiled_code : null,
    columns: Object.values(node.columns).map(({ name, description, data_type }) => ({
      name,
      description: description ?? '',
      type: data_type,
    })),
    tags: [...new Set(node.tags)],
    exposures: exposures.get(node.unique_id) ?? [],
  };
}

function exposuresByNode(given: Record<string, unknown>): Map<string, DbtExposure[]> {
  const byNode = new Map<string, DbtExposure[]>();
  for (const [id, one] of Object.entries(given)) {
    const { name, label, type, url, owner, depends_on } = parse(Exposure, one, ['exposures', id]);
    const email = [owner?.email ?? []].flat()[0];
    const exposure = { name: label || name, kind: type, owner: owner?.name ?? email ?? null, url };
    for (const node of depends_on?.nodes ?? []) byNode.set(node, [...(byNode.get(node) ?? []), exposure]);
  }
  return byNode;
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, place: string[]): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = [...place, ...(issue?.path ?? [])].join('.');
  throw artifactInvalid('manifest', `The manifest says nothing usable at "${at}": ${issue?.message}`);
}

/** As PostgreSQL can keep it. */
function storable(value: string): string {
  return value.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** Says whether anything about a node differs, in 64 letters. */
export const fingerprintOf = (node: ManifestNode): string =>
  createHash('sha256').update(JSON.stringify(node)).digest('hex');
