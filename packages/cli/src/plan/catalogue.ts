import { z } from 'zod';
import type { ApiClient } from '../api/api-client.ts';
import { referencesIn } from '../files/environment-reference.ts';
import type { Problem } from '../files/problem.ts';
import type { DefinitionFile } from '../files/read-directory.ts';

const FieldSchema = z.object({
  type: z.enum(['string', 'number', 'integer', 'boolean', 'array']),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  writeOnly: z.boolean().default(false),
});
export type ConnectorField = z.infer<typeof FieldSchema>;

const ApiConnector = z.object({
  kind: z.enum(['source', 'destination']),
  type: z.string(),
  configuration: z.object({ properties: z.record(z.string(), FieldSchema) }),
});

/** Fields of every type of connection. */
export type Catalogue = Readonly<
  Record<'sources' | 'destinations', ReadonlyMap<string, Readonly<Record<string, ConnectorField>>>>
>;

/** Reads which types of sources and destinations there are. */
export async function readCatalogue(api: ApiClient): Promise<Catalogue> {
  const connectors = await api.list(ApiConnector, '/connectors');
  const of = (wanted: 'source' | 'destination') =>
    new Map(
      connectors
        .filter(({ kind }) => kind === wanted)
        .map(({ type, configuration }) => [type, configuration.properties] as const),
    );
  return { sources: of('source'), destinations: of('destination') };
}

type ConnectionDefinitionFile = DefinitionFile<'sources'> | DefinitionFile<'destinations'>;

/** What does not fit the type of a connection: fields it does not have, wrong values, secrets that are written out. */
export function connectionProblems(file: ConnectionDefinitionFile, catalogue: Catalogue): Problem[] {
  const { type, configuration } = file.definition;
  const problem = (path: PropertyKey[], message: string): Problem => ({
    file: file.file,
    line: file.lineOf(path),
    message: `${path.join('.')}: ${message}`,
  });
  const fields = catalogue[file.kind].get(type);
  if (!fields) {
    const types = [...catalogue[file.kind].keys()].join(', ');
    return [problem(['type'], `there is no "${type}". There are: ${types}.`)];
  }
  return Object.entries(configuration).flatMap(([name, value]) => {
    const path = ['configuration', name];
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) return [problem(path, `a ${type} has no such setting.`)];
    if (value === null || value === '') return [];
    if (field.type === 'array') {
      if (!Array.isArray(value)) return [problem(path, 'this is a list.')];
      return value.flatMap((item: unknown, index) =>
        isOpenSecret(item) ? [problem([...path, index, 'value'], secretWritten)] : [],
      );
    }
    if (field.writeOnly)
      return typeof value === 'string' && referencesIn(value).length > 0
        ? []
        : [problem(path, secretWritten)];
    // What a variable holds is for the server to judge.
    if (typeof value === 'string' && referencesIn(value).length > 0) return [];
    if (typeof value !== field.type) return [problem(path, `this is a ${field.type}.`)];
    if (field.enum && !field.enum.includes(String(value)))
      return [problem(path, `choose one of: ${field.enum.join(', ')}.`)];
    return [];
  });
}

const secretWritten = `a file is no place for a secret. Write \${A_VARIABLE}, and set that in the environment.`;

/** Whether a header is called secret while its value names no variable. */
const isOpenSecret = (item: unknown): boolean =>
  typeof item === 'object' &&
  item !== null &&
  'secret' in item &&
  item.secret === true &&
  !('value' in item && typeof item.value === 'string' && referencesIn(item.value).length > 0);
