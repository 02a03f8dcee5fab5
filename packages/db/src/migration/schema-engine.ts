import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaContainer, SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { CatalogueAdapter, CatalogueClient } from './catalogue-adapter.ts';

/** Every table and enum is ours: none is managed elsewhere. */
export const filters = { externalTables: [], externalEnums: [] };

const prismaDirectory = resolve(import.meta.dirname, '../../../../prisma');
export const schemaPath = join(prismaDirectory, 'schema.prisma');
export const migrationsDirectory = join(prismaDirectory, 'migrations');

/**
 * Runs `use` with Prisma's schema engine, as WebAssembly, bound to a database. `prisma migrate` itself downloads a
 * native binary, which an installation behind a closed network cannot do; the migrations directory keeps Prisma's own
 * layout, so the command works on it elsewhere.
 */
export async function withSchemaEngine<Answer>(
  url: string,
  use: (engine: SchemaEngine) => Promise<Answer>,
): Promise<Answer> {
  bindings ??= instantiate();
  const { SchemaEngine } = await bindings;
  const pool = new pg.Pool({ connectionString: url, max: 1, Client: CatalogueClient } as pg.PoolConfig);
  try {
    const { files } = await readSchema();
    const datamodels = files.map((file): [string, string] => [file.path, file.content]);
    const adapter = bindMigrationAwareSqlAdapterFactory(new CatalogueAdapter(pool));
    const engine = await SchemaEngine.new({ datamodels }, () => undefined, adapter);
    try {
      return await use(engine);
    } finally {
      engine.free();
    }
  } finally {
    await pool.end();
  }
}

type Bindings = typeof import('@prisma/schema-engine-wasm');

/** The bindings hold one module-wide instance: a second one would pull it from under the first. */
let bindings: Promise<Bindings> | null = null;

async function instantiate(): Promise<Bindings> {
  const directory = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const loaded: Bindings & { __wbg_set_wasm(exports: WebAssembly.Exports): void } = await import(
    '@prisma/schema-engine-wasm/schema_engine_bg'
  );
  const imports = { './schema_engine_bg.js': loaded as unknown as WebAssembly.ModuleImports };
  const { instance } = await WebAssembly.instantiate(
    await readFile(join(directory, 'schema_engine_bg.wasm')),
    imports,
  );
  loaded.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  // A panic of the engine reports here first; without it the report itself would be what fails.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: () => undefined } });
  return loaded;
}

/** The Prisma schema, in the form the engine takes. */
export async function readSchema(): Promise<{ files: SchemaContainer[] }> {
  return { files: [{ path: schemaPath, content: await readFile(schemaPath, 'utf8') }] };
}

/** The migrations on disk, oldest first. */
export async function readMigrations(): Promise<MigrationList> {
  const entries = await readdir(migrationsDirectory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const directories = names.sort().map(async (path) => {
    const content = await readFile(join(migrationsDirectory, path, 'migration.sql'), 'utf8');
    return {
      path,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: content } },
    };
  });
  return {
    baseDir: migrationsDirectory,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(migrationsDirectory, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(directories),
  };
}
