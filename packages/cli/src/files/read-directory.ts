import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError, toSluiceError } from '@sluice/domain/error';
import { assertSchedule } from '@sluice/domain/schedule';
import { Slug } from '@sluice/domain/slug';
import type { z } from 'zod';
import { type Kind, kinds } from '../kind.ts';
import { type Definition, definitionSchemas } from './definition.ts';
import type { Problem } from './problem.ts';
import { readYaml } from './read-yaml.ts';

/** A definition as a file says it; texts in a connection's configuration still hold their `${…}`. */
export interface DefinitionFile<K extends Kind = Kind> {
  readonly kind: K;
  readonly slug: string;
  /** As people name it: `syncs/users-crm.yaml`. */
  readonly file: string;
  readonly definition: Definition<K>;
  lineOf(path: readonly PropertyKey[]): number;
}

export type DefinitionFiles = { readonly [K in Kind]: Map<string, DefinitionFile<K>> };

/**
 * Reads `sources/<slug>.yaml`, `destinations/…`, `models/…`, `syncs/…` and `sequences/…` below a directory, and everything that is
 * wrong with them, each with its line. Other folders, and names that begin with a dot, are left alone.
 */
export async function readDirectory(
  directory: string,
): Promise<{ files: DefinitionFiles; problems: Problem[] }> {
  const files = {
    sources: new Map(),
    destinations: new Map(),
    models: new Map(),
    syncs: new Map(),
    sequences: new Map(),
  };
  const problems: Problem[] = [];
  for (const kind of kinds) {
    for (const name of await namesIn(join(directory, kind))) {
      const file = `${kind}/${name}`;
      const slug = name.replace(/\.yaml$/, '');
      if (slug === name || !Slug.safeParse(slug).success) {
        const message =
          'Only files that are named like users-crm.yaml (lower-case letters, digits, hyphens) belong here.';
        problems.push({ file, line: null, message });
        continue;
      }
      const read = await readDefinition(join(directory, file), { kind, slug, file });
      problems.push(...read.problems);
      if (read.found) files[kind].set(slug, read.found);
    }
  }
  return { files, problems };
}

/** The number of files of all kinds. */
export const countFiles = (files: DefinitionFiles): number =>
  kinds.reduce((sum, kind) => sum + files[kind].size, 0);

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw unreadable(folder, thrown);
  }
}

async function readDefinition(
  path: string,
  place: { kind: Kind; slug: string; file: string },
): Promise<{ found: DefinitionFile | null; problems: Problem[] }> {
  const { kind, slug, file } = place;
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw unreadable(path, thrown);
  });
  const yaml = readYaml(text);
  if (yaml.errors.length > 0)
    return { found: null, problems: yaml.errors.map((error) => ({ file, ...error })) };
  const parsed = definitionSchemas[kind].safeParse(yaml.value);
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, [], file, yaml.lineOf));
    return { found: null, problems };
  }
  const found = { kind, slug, file, definition: parsed.data, lineOf: yaml.lineOf };
  return { found, problems: scheduleProblems(found) };
}

/** One problem per unknown key, so that each has its own line; of a union, what is wrong with the nearest form. */
function problemsOf(
  issue: z.core.$ZodIssue,
  above: readonly PropertyKey[],
  file: string,
  lineOf: DefinitionFile['lineOf'],
): Problem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      file,
      line: lineOf([...path, key]),
      message: `"${[...path, key].join('.')}" is not a setting.`,
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [nearest = []] = [...issue.errors].sort((a, b) => a.length - b.length);
    return nearest.flatMap((inner) => problemsOf(inner, path, file, lineOf));
  }
  const where = path.length === 0 ? '' : `${path.join('.')}: `;
  return [{ file, line: lineOf(path), message: `${where}${issue.message}` }];
}

function scheduleProblems(found: DefinitionFile): Problem[] {
  if (!('schedule' in found.definition) || found.definition.schedule === null) return [];
  try {
    assertSchedule(found.definition.schedule);
    return [];
  } catch (thrown) {
    const { message } = toSluiceError(thrown);
    return [{ file: found.file, line: found.lineOf(['schedule']), message: `schedule: ${message}` }];
  }
}

const codeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null;

const unreadable = (path: string, cause: unknown): SluiceError =>
  new SluiceError('input_invalid', `${path} cannot be read (${String(codeOf(cause))}).`, {
    fix: 'Check the path and your rights.',
    cause,
  });
