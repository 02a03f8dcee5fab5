import { SluiceError } from '@sluice/domain/error';
import { Schedule } from '@sluice/domain/schedule';
import { SyncConfiguration } from '@sluice/domain/sync';
import type { z } from 'zod';
import type { ApiClient } from '../api/api-client.ts';
import { ApiConnection, ApiModel, ApiSequence, ApiSync } from '../api/resources.ts';
import { type Definition, type Definitions, QueryFile } from '../files/definition.ts';
import { type Kind, pathOf, type ResourceId } from '../kind.ts';

/** A resource of the workspace, in the words of the files. */
export interface Existing<K extends Kind = Kind> {
  readonly id: ResourceId;
  readonly slug: string;
  readonly definition: Definition<K>;
}

export type ExistingConnection = Existing<'sources'> & Existing<'destinations'>;

export interface ExistingSync extends Existing<'syncs'> {
  /** Columns of the model that it uses; `*` for any. */
  readonly referencedColumns: readonly string[];
  readonly primaryKey: string;
  /** Whether it ever ran: before that, nothing was delivered. */
  readonly ran: boolean;
}

export interface Workspace {
  readonly sources: ReadonlyMap<string, Existing<'sources'>>;
  readonly destinations: ReadonlyMap<string, Existing<'destinations'>>;
  readonly models: ReadonlyMap<string, Existing<'models'>>;
  readonly syncs: ReadonlyMap<string, ExistingSync>;
  readonly sequences: ReadonlyMap<string, Existing<'sequences'>>;
}

/** Reads the configuration of the whole workspace. Throws `server_unreachable` when the server is a newer kind. */
export async function readWorkspace(api: ApiClient): Promise<Workspace> {
  const [sources, destinations, models, syncs, sequences] = await Promise.all([
    api.list(ApiConnection, '/sources'),
    api.list(ApiConnection, '/destinations'),
    api.list(ApiModel, '/models'),
    api.list(ApiSync, '/syncs'),
    api.list(ApiSequence, pathOf('sequences')),
  ]);
  const slugOf = slugsById({ sources, destinations, models });
  return {
    sources: bySlug(sources.map(existingConnection)),
    destinations: bySlug(destinations.map(existingConnection)),
    models: bySlug(models.map((model) => existingModel(model, slugOf('sources', model.sourceId)))),
    syncs: bySlug(
      syncs.map((sync) =>
        existingSync(sync, slugOf('models', sync.modelId), slugOf('destinations', sync.destinationId)),
      ),
    ),
    sequences: bySlug(sequences.map(existingSequence)),
  };
}

/** A connection as the API answered it. */
export function existingConnection(from: ApiConnection): ExistingConnection {
  const { id, slug, name, type, configuration } = from;
  return { id, slug, definition: { name, type, configuration } };
}

/** A model as the API answered it. */
export function existingModel(from: ApiModel, source: string): Existing<'models'> {
  const { id, slug, name, description, primaryKey, tags } = from;
  const query = read(QueryFile, `the query of the model "${slug}"`, queryOf(from));
  return { id, slug, definition: { name, description, source, query, primaryKey, tags } };
}

/** A sync as the API answered it. */
export function existingSync(from: ApiSync, model: string, destination: string): ExistingSync {
  const { id, slug, disabled, tags, referencedColumns, primaryKey } = from;
  const definition: Definitions['syncs'] = {
    model,
    destination,
    configuration: read(SyncConfiguration, `the configuration of the sync "${slug}"`, from.configuration),
    schedule: read(Schedule.nullable(), `the schedule of the sync "${slug}"`, from.schedule),
    disabled,
    tags,
  };
  return { id, slug, definition, referencedColumns, primaryKey, ran: from.lastRunAt !== null };
}

/** A sequence as the API answered it. */
export function existingSequence(from: ApiSequence): Existing<'sequences'> {
  const { id, slug, name, disabled } = from;
  const steps = from.steps.map(({ syncSlug, policy }) => ({ sync: syncSlug, policy }));
  const schedule = read(Schedule.nullable(), `the schedule of the sequence "${slug}"`, from.schedule);
  return { id, slug, definition: { name, steps, schedule, disabled } };
}

function queryOf(model: ApiModel): unknown {
  if (model.queryType === 'raw_sql') return { queryType: 'raw_sql', sql: model.raw?.sql };
  if (model.queryType === 'dbt')
    return { queryType: 'dbt', project: model.dbt?.dbtProject, uniqueId: model.dbt?.dbtUniqueId };
  const full = model.table?.name ?? '';
  const dot = full.indexOf('.');
  return { queryType: 'table', schema: full.slice(0, Math.max(dot, 0)), table: full.slice(dot + 1) };
}

/** What was answered, as this version of the command line knows it. */
function read<Schema extends z.ZodType>(schema: Schema, what: string, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SluiceError('server_unreachable', `This version of sluice cannot read ${what}.`, {
    fix: 'Use the version of sluice that belongs to the server.',
    cause: parsed.error,
  });
}

function bySlug<Item extends { slug: string }>(items: Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.slug, item]));
}

function slugsById(lists: Record<'sources' | 'destinations' | 'models', { id: number; slug: string }[]>) {
  const maps = Object.fromEntries(
    Object.entries(lists).map(([kind, items]) => [kind, new Map(items.map(({ id, slug }) => [id, slug]))]),
  );
  return (kind: keyof typeof lists, id: number): string => {
    const slug = maps[kind]?.get(id);
    if (slug !== undefined) return slug;
    // Made between the two requests, or not for this token to see.
    throw new SluiceError('conflict', `The workspace changed while it was read (${kind} ${id}).`, {
      fix: 'Try again.',
    });
  };
}
