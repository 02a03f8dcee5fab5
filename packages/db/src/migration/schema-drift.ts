import { dirname } from 'node:path';
import { filters, readSchema, schemaPath, withSchemaEngine } from './schema-engine.ts';

/**
 * The SQL that would turn a migrated database into what the Prisma schema says; empty when they agree. A new
 * migration is begun from it.
 */
export async function schemaDrift(url: string): Promise<string> {
  const schema = await readSchema();
  const difference = await withSchemaEngine(url, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', ...schema, configDir: dirname(schemaPath) },
      to: { tag: 'schemaDatamodel', ...schema },
      script: true,
      exitCode: null,
      filters,
    }),
  );
  const script = (difference.stdout ?? '').trim();
  return script === '-- This is an empty migration.' ? '' : script;
}
