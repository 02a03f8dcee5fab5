import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SluiceError } from '@sluice/domain/error';
import type { ApiClient } from '../api/api-client.ts';
import type { Definition } from '../files/definition.ts';
import { referencesIn, textsIn } from '../files/environment-reference.ts';
import { problemsError } from '../files/problem.ts';
import { type DefinitionFiles, readDirectory } from '../files/read-directory.ts';
import { labelOf, withReferences, writeYaml } from '../files/write-yaml.ts';
import { type Kind, kinds, nounOf } from '../kind.ts';
import { type Catalogue, readCatalogue } from '../plan/catalogue.ts';
import { makePlan } from '../plan/make-plan.ts';
import { type Existing, readWorkspace, type Workspace } from '../plan/read-workspace.ts';
import type { Terminal } from '../terminal.ts';

/**
 * `sluice pull`: writes the configuration of the workspace into files, secrets as references. A file that says the same
 * already is left as it is, with its comments. Throws `input_invalid` for files that cannot be read, and `conflict`
 * where a file says something else, unless `overwrite`; nothing is written then.
 */
export async function pull(
  api: ApiClient,
  terminal: Terminal,
  directory: string,
  options: { overwrite: boolean },
): Promise<void> {
  const { files, problems } = await readDirectory(directory);
  if (problems.length > 0) throw problemsError(problems);
  const [workspace, catalogue] = await Promise.all([readWorkspace(api), readCatalogue(api)]);
  const differing = differingFiles(files, { workspace, catalogue });
  if (differing.size > 0 && !options.overwrite) throw wouldOverwrite([...differing]);

  const variables = new Set<string>();
  let written = 0;
  for (const kind of kinds) {
    for (const existing of workspace[kind].values()) {
      const file = files[kind].get(existing.slug);
      if (file && !differing.has(file.file)) continue;
      const { definition, named } = asWritten(kind, existing, file?.definition);
      for (const text of named) for (const name of referencesIn(text)) variables.add(name);
      const path = join(directory, kind, `${existing.slug}.yaml`);
      await writeWhole(path, writeYaml(kind, definition));
      terminal.out(`${file ? 'Overwrote' : 'Wrote'} ${kind}/${existing.slug}.yaml`);
      written += 1;
    }
  }
  const total = kinds.reduce((sum, kind) => sum + workspace[kind].size, 0);
  terminal.out(`${written} written, ${total - written} up to date.`);
  for (const kind of kinds) {
    for (const { slug, file } of files[kind].values())
      if (!workspace[kind].has(slug))
        terminal.note(`${file} has no ${nounOf(kind)} in the workspace: apply would create it.`);
  }
  if (variables.size > 0)
    terminal.note(
      `Secrets are never pulled. Set these variables before you apply: ${[...variables].join(', ')}`,
    );
}

/** Files that say something else than the workspace. A variable is taken for right: it may be for another place. */
function differingFiles(
  files: DefinitionFiles,
  current: { workspace: Workspace; catalogue: Catalogue },
): Set<string> {
  const { plan, problems } = makePlan(files, current, {}, { prune: false, sendSecrets: false });
  const changed = plan.changes.filter(
    ({ action, fields }) => action === 'update' && fields.some(({ after }) => !namesVariable(after)),
  );
  return new Set([
    ...changed.map(({ kind, slug }) => `${kind}/${slug}.yaml`),
    ...problems.map(({ file }) => file),
  ]);
}

const namesVariable = (value: unknown): boolean =>
  typeof value === 'string' && referencesIn(value).length > 0;

const wouldOverwrite = (files: readonly string[]): SluiceError =>
  new SluiceError('conflict', ['These files say something else than the workspace:', ...files].join('\n'), {
    fix: 'Apply them first, or replace them with --overwrite. Nothing was written.',
  });

function asWritten<K extends Kind>(
  kind: K,
  existing: Existing<K>,
  before: Definition | undefined,
): { definition: Definition<K>; named: string[] } {
  const { definition, slug } = existing;
  if (!('type' in definition)) return { definition, named: [] };
  const known = before && 'type' in before ? referencesByPath(before.configuration) : new Map();
  const { configuration, variables } = withReferences(
    { noun: nounOf(kind), slug },
    definition.configuration,
    known,
  );
  return { definition: { ...definition, configuration }, named: variables };
}

/** Which text a file has for each path that names a variable. */
function referencesByPath(configuration: Readonly<Record<string, unknown>>): Map<string, string> {
  const found = new Map<string, string>();
  for (const { path, text } of textsIn(configuration)) {
    if (referencesIn(text).length === 0) continue;
    const [field = '', index, key] = path;
    const list = configuration[String(field)];
    if (index !== undefined && Array.isArray(list))
      found.set(
        `${String(field)}.${labelOf(list[Number(index)], Number(index))}${key === 'value' ? '' : `.${String(key)}`}`,
        text,
      );
    else found.set(path.join('.'), text);
  }
  return found;
}

/** Puts the whole text in place at once: a pull that is stopped leaves no half file. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}
