import type { Definition } from '../files/definition.ts';
import { referencesIn, textsIn } from '../files/environment-reference.ts';
import type { Problem } from '../files/problem.ts';
import type { DefinitionFile, DefinitionFiles } from '../files/read-directory.ts';
import { type Kind, kinds, nounOf, type ResourceId } from '../kind.ts';
import { type Catalogue, connectionProblems } from './catalogue.ts';
import { compareConfiguration, type Environment } from './compare-connection.ts';
import { effectsOf } from './effects.ts';
import { changesBetween, type FieldChange } from './field-change.ts';
import type { Existing, Workspace } from './read-workspace.ts';

/** One thing that applying the files would do. */
export interface PlannedChange {
  readonly action: 'create' | 'update' | 'remove';
  readonly kind: Kind;
  readonly slug: string;
  /** `null` when it has to be created. */
  readonly id: ResourceId | null;
  /** What it shall be; `null` for a removal. */
  readonly definition: Definition | null;
  readonly fields: readonly FieldChange[];
  /** What it does to runs and to rows that were delivered, a sentence each. */
  readonly effects: readonly string[];
}

export interface Plan {
  /** In the order in which they are applied. */
  readonly changes: readonly PlannedChange[];
  readonly unchanged: number;
}

export interface PlanOptions {
  readonly prune: boolean;
  /** Send every secret again, although nothing says that it differs. */
  readonly sendSecrets: boolean;
}

/** Compares the files with the workspace. `problems` says what no change could bring about. */
export function makePlan(
  files: DefinitionFiles,
  { workspace, catalogue }: { workspace: Workspace; catalogue: Catalogue },
  environment: Environment,
  options: PlanOptions,
): { plan: Plan; problems: Problem[] } {
  const problems: Problem[] = [];
  const changes: PlannedChange[] = [];
  const rekeyed = rekeyedModels(files, workspace);
  let unchanged = 0;
  for (const kind of kinds) {
    for (const file of files[kind].values()) {
      const existing = workspace[kind].get(file.slug);
      problems.push(...referenceProblems(file, files, workspace, options));
      if (isConnection(file)) problems.push(...connectionProblems(file, catalogue));
      if (existing) problems.push(...fixedProblems(file, existing));
      const fields = existing
        ? changedFields(file, existing, { catalogue, environment, options })
        : changesBetween({}, file.definition);
      if (existing && fields.length === 0) unchanged += 1;
      else changes.push(changeOf(file, existing, fields, { workspace, rekeyed }));
    }
  }
  // What depends on others goes first, and only after everything else went well.
  for (const kind of options.prune ? [...kinds].reverse() : []) {
    for (const { id, slug } of workspace[kind].values()) {
      if (files[kind].has(slug)) continue;
      const removal = { action: 'remove', kind, slug, id, definition: null, fields: [] } as const;
      changes.push({ ...removal, effects: effectsOf(removal, workspace, rekeyed) });
    }
  }
  return { plan: { changes, unchanged }, problems };
}

function changeOf(
  file: DefinitionFile,
  existing: Existing | undefined,
  fields: FieldChange[],
  { workspace, rekeyed }: { workspace: Workspace; rekeyed: ReadonlySet<string> },
): PlannedChange {
  const change = {
    action: existing ? 'update' : 'create',
    kind: file.kind,
    slug: file.slug,
    id: existing?.id ?? null,
    definition: file.definition,
    fields,
  } as const;
  return { ...change, effects: effectsOf(change, workspace, rekeyed) };
}

function rekeyedModels(files: DefinitionFiles, workspace: Workspace): Set<string> {
  const models = [...files.models.values()].filter(({ slug, definition }) => {
    const existing = workspace.models.get(slug);
    return existing !== undefined && existing.definition.primaryKey !== definition.primaryKey;
  });
  return new Set(models.map(({ slug }) => slug));
}

const isConnection = (
  file: DefinitionFile,
): file is DefinitionFile<'sources'> | DefinitionFile<'destinations'> => 'type' in file.definition;

function changedFields(
  file: DefinitionFile,
  existing: Existing,
  how: { catalogue: Catalogue; environment: Environment; options: PlanOptions },
): FieldChange[] {
  const current = existing.definition;
  if (!isConnection(file) || !('type' in current)) return changesBetween(current, file.definition);
  const { name, type, configuration } = file.definition;
  const fields = how.catalogue[file.kind].get(type) ?? {};
  const changes = [
    ...changesBetween({ name: current.name }, { name }),
    ...compareConfiguration(configuration, current.configuration, fields, how.environment),
  ];
  if (!how.options.sendSecrets || changes.some(({ path }) => path.startsWith('configuration.')))
    return changes;
  return [...changes, ...secretFields(configuration)];
}

const secretFields = (configuration: Readonly<Record<string, unknown>>): FieldChange[] =>
  textsIn(configuration, ['configuration'])
    .filter(({ text }) => referencesIn(text).length > 0)
    .map(({ path, text }) => ({ path: path.join('.'), before: '(sent before)', after: text }));

const referring = { source: 'sources', model: 'models', destination: 'destinations' } as const;

/** Slugs that name nothing: neither a file, nor (unless it is about to be removed) something that is there. */
function referenceProblems(
  file: DefinitionFile,
  files: DefinitionFiles,
  workspace: Workspace,
  { prune }: PlanOptions,
): Problem[] {
  return referencesOf(file.definition).flatMap(({ path, kind, slug }) => {
    if (files[kind].has(slug)) return [];
    if (workspace[kind].has(slug) && !prune) return [];
    const there = workspace[kind].has(slug) ? `, and --prune would remove the ${nounOf(kind)}` : '';
    const message = `${path.join('.')}: there is no file ${kind}/${slug}.yaml${there}.`;
    return [{ file: file.file, line: file.lineOf(path), message }];
  });
}

/** Every slug in a definition that names something of another kind. */
function referencesOf(definition: Definition): { path: PropertyKey[]; kind: Kind; slug: string }[] {
  if ('steps' in definition)
    return definition.steps.map(({ sync }, index) => ({
      path: ['steps', index, 'sync'],
      kind: 'syncs',
      slug: sync,
    }));
  return Object.entries(referring).flatMap(([field, kind]) => {
    const slug = (definition as Record<string, unknown>)[field];
    return typeof slug === 'string' ? [{ path: [field], kind, slug }] : [];
  });
}

/** What is decided when a resource is made, and never changes. */
function fixedProblems(file: DefinitionFile, existing: Existing): Problem[] {
  return ['type', 'source', 'model', 'destination'].flatMap((field) => {
    const wanted = (file.definition as Record<string, unknown>)[field];
    const current = (existing.definition as Record<string, unknown>)[field];
    if (wanted === current) return [];
    const message = `${field}: it is "${String(current)}" for good; give the ${nounOf(file.kind)} with "${String(
      wanted,
    )}" a file of another name.`;
    return [{ file: file.file, line: file.lineOf([field]), message }];
  });
}
