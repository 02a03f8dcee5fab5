import { createHash } from 'node:crypto';

/**
 * Files of dbt, written by us in the form of dbt's schemas 11 (dbt 1.7), 12 (dbt 1.8 to 1.11) and run results 6, with the
 * fields of a node that dbt always writes: https://schemas.getdbt.com/dbt/manifest/v12/index.html (2026-11-22).
 */
export interface DbtNodeSpec {
  /** `model`, unless said otherwise. */
  readonly kind?: 'model' | 'snapshot' | 'seed' | 'analysis' | 'test';
  readonly name: string;
  readonly package?: string;
  readonly description?: string;
  /** `view`, unless said otherwise. */
  readonly materialized?: string;
  readonly schema?: string;
  readonly database?: string;
  readonly rawSql?: string;
  /** Left out = the node was not compiled. */
  readonly compiledSql?: string;
  readonly path?: string;
  readonly columns?: Record<string, string>;
  readonly tags?: readonly string[];
  /** `null` = dbt makes no relation of it. */
  readonly relation?: string | null;
}

export interface DbtManifestSpec {
  readonly version?: number;
  readonly projectName?: string;
  readonly adapter?: string;
  readonly generatedAt?: string;
  readonly nodes: readonly DbtNodeSpec[];
  readonly exposures?: readonly { name: string; on: readonly string[] }[];
}

/** A manifest.json as an object. */
export function dbtManifest(spec: DbtManifestSpec) {
  const { version = 12, projectName = 'shop', adapter = 'postgres' } = spec;
  return {
    metadata: {
      dbt_schema_version: `https://schemas.getdbt.com/dbt/manifest/v${version}.json`,
      dbt_version: version === 11 ? '1.7.19' : '1.11.2',
      generated_at: spec.generatedAt ?? '2026-11-22T06:00:00.123456Z',
      invocation_id: '5f0ab5a2-2f0c-4e43-9a0e-6f7a7f7c2d11',
      env: {},
      project_name: projectName,
      project_id: '06e5b98c2db46f8a72cc4f66410e9b3b',
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: adapter,
    },
    nodes: Object.fromEntries(spec.nodes.map((node) => [idOf(node, projectName), nodeOf(node, projectName)])),
    sources: {},
    macros: {},
    docs: {},
    exposures: Object.fromEntries(
      (spec.exposures ?? []).map(({ name, on }) => [
        `exposure.${projectName}.${name}`,
        {
          name,
          resource_type: 'exposure',
          package_name: projectName,
          unique_id: `exposure.${projectName}.${name}`,
          type: 'dashboard',
          owner: { email: 'data@example.com', name: 'Data team' },
          description: '',
          label: null,
          url: `https://bi.example.com/${name}`,
          depends_on: { macros: [], nodes: on.map((one) => `model.${projectName}.${one}`) },
        },
      ]),
    ),
    metrics: {},
    groups: {},
    selectors: {},
    disabled: {},
    parent_map: {},
    child_map: {},
    group_map: {},
    saved_queries: {},
    semantic_models: {},
    ...(version >= 12 && { unit_tests: {} }),
  };
}

/** A run_results.json as an object; `results`: unique id → status. */
export function dbtRunResults(spec: {
  command?: string;
  invocationId?: string;
  generatedAt?: string;
  results: Record<string, string>;
}) {
  return {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json',
      dbt_version: '1.11.2',
      generated_at: spec.generatedAt ?? '2026-11-22T06:01:00.654321Z',
      invocation_id: spec.invocationId ?? 'd4a5a7b0-7e63-4ad7-8b1f-1d8d3f1f0a01',
      env: {},
    },
    results: Object.entries(spec.results).map(([unique_id, status]) => ({
      status,
      timing: [],
      thread_id: 'Thread-1 (worker)',
      execution_time: 0.2,
      adapter_response: {},
      message: status === 'success' ? 'CREATE VIEW' : null,
      failures: null,
      unique_id,
      compiled: true,
      compiled_code: null,
      relation_name: null,
    })),
    elapsed_time: 1.5,
    args: { which: spec.command ?? 'build', target: 'prod' },
  };
}

function nodeOf(spec: DbtNodeSpec, projectName: string) {
  const { kind = 'model', name, schema = 'analytics', database = 'postgres' } = spec;
  const packageName = spec.package ?? projectName;
  const rawSql = spec.rawSql ?? `select * from {{ ref('${name}_base') }}`;
  const materialized = spec.materialized ?? 'view';
  const made = materialized !== 'ephemeral' && kind !== 'analysis' && kind !== 'test';
  return {
    database,
    schema,
    name,
    resource_type: kind,
    package_name: packageName,
    path: `${name}.sql`,
    original_file_path: spec.path ?? `models/${name}.sql`,
    unique_id: idOf(spec, projectName),
    fqn: [packageName, name],
    alias: name,
    checksum: { name: 'sha256', checksum: digest(rawSql) },
    config: { enabled: true, alias: null, schema: null, materialized, tags: spec.tags ?? [], meta: {} },
    tags: spec.tags ?? [],
    description: spec.description ?? '',
    columns: Object.fromEntries(
      Object.entries(spec.columns ?? {}).map(([column, description]) => [
        column,
        { name: column, description, meta: {}, data_type: null, constraints: [], quote: null, tags: [] },
      ]),
    ),
    meta: {},
    group: null,
    docs: { show: true, node_color: null },
    relation_name:
      spec.relation === undefined ? (made ? `"${database}"."${schema}"."${name}"` : null) : spec.relation,
    raw_code: rawSql,
    language: 'sql',
    refs: [],
    sources: [],
    metrics: [],
    depends_on: { macros: [], nodes: [] },
    ...(spec.compiledSql !== undefined && {
      compiled_path: `target/compiled/${packageName}/models/${name}.sql`,
      compiled: true,
      compiled_code: spec.compiledSql,
      extra_ctes_injected: true,
      extra_ctes: [],
    }),
  };
}

const idOf = ({ kind = 'model', name, package: of }: DbtNodeSpec, projectName: string): string =>
  `${kind}.${of ?? projectName}.${name}`;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
