import { changeClasses } from '@sluice/domain/change';
import { takesAllColumns } from '@sluice/domain/connector';
import { doubtPolicyIds } from '@sluice/domain/doubt';
import { Schedule } from '@sluice/domain/schedule';
import { Guards, type SyncConfiguration, type SyncView } from '@sluice/domain/sync';
import { deleteBehaviours, type SyncModeDefinition, syncModeIds, syncModes } from '@sluice/domain/sync-mode';
import { z } from 'zod';
import { isHttpRequest, requestsFor } from './http-options.ts';
import { isBlankMapping, MappingDraft, mappingDraftOf, mappingOf } from './mapping-draft.ts';

/** A sync that is being written, incomplete at any point; what the wizard keeps over reloads. */
export const SyncDraft = z.object({
  modelId: z.number().int().nullable().default(null),
  destinationId: z.number().int().nullable().default(null),
  object: z.string().nullable().default(null),
  mode: z.enum(syncModeIds).nullable().default(null),
  matchKey: z.object({ from: z.string(), to: z.string() }).default({ from: '', to: '' }),
  mappings: z.array(MappingDraft).default([]),
  deleteBehaviour: z.enum(deleteBehaviours).default('nothing'),
  triggers: z.array(z.enum(changeClasses)).default([...changeClasses]),
  firstRun: z.enum(['send', 'skip']).default('send'),
  options: z.record(z.string(), z.unknown()).default({}),
  guards: Guards.prefault({}),
  doubt: z.enum(doubtPolicyIds).default('send_again'),
  schedule: Schedule.nullable().default(null),
  slug: z.string().default(''),
  /** The model and object for which mappings were suggested; another pair is suggested anew. */
  suggestedFor: z.string().nullable().default(null),
});
export type SyncDraft = z.infer<typeof SyncDraft>;

export const emptySyncDraft = (): SyncDraft => SyncDraft.parse({});

/** A saved sync as a draft, for its editor. */
export function syncDraftOf(sync: SyncView): SyncDraft {
  const { configuration } = sync;
  return {
    modelId: sync.modelId,
    destinationId: sync.destinationId,
    object: configuration.object,
    mode: configuration.mode,
    matchKey: configuration.matchKey ?? { from: '', to: '' },
    mappings: configuration.mappings.map(mappingDraftOf),
    deleteBehaviour: configuration.deleteBehaviour,
    triggers: [...configuration.triggers],
    firstRun: configuration.firstRun,
    options: configuration.options,
    guards: configuration.guards,
    doubt: configuration.doubt,
    schedule: sync.schedule,
    slug: sync.slug,
    suggestedFor: suggestionKey(sync.modelId, configuration.object),
  };
}

/** The draft's mappings that are sent, in order: index in the API's errors → index here. */
export function sentMappings(draft: SyncDraft): MappingDraft[] {
  if (takesAllColumns(draft.options)) return [];
  return draft.mappings.filter((mapping) => !isBlankMapping(mapping));
}

/** The draft with another field as its match key: an empty line for that field has served its purpose. */
export function withMatchField(draft: SyncDraft, to: string): SyncDraft {
  const isEmptyLine = (mapping: MappingDraft): boolean =>
    mapping.to === to && isBlankMapping({ ...mapping, to: '' });
  return {
    ...draft,
    matchKey: { ...draft.matchKey, to },
    mappings: draft.mappings.filter((mapping) => !isEmptyLine(mapping)),
  };
}

/** What the API gets; `null` before object and mode are chosen. */
export function syncConfigurationOf(draft: SyncDraft): SyncConfiguration | null {
  if (draft.object === null || draft.mode === null) return null;
  const mode: SyncModeDefinition = syncModes[draft.mode];
  const keyed = mode.needsMatchKey && draft.matchKey.from !== '' && draft.matchKey.to !== '';
  return {
    object: draft.object,
    mode: draft.mode,
    matchKey: keyed ? draft.matchKey : null,
    mappings: sentMappings(draft).map(mappingOf),
    deleteBehaviour: mode.operations.removed === 'choice' ? draft.deleteBehaviour : 'nothing',
    triggers: mode.triggers ? draft.triggers : [...changeClasses],
    firstRun: mode.firstRunChoice ? draft.firstRun : 'send',
    options: draft.options,
    guards: draft.guards,
    doubt: draft.doubt,
  };
}

/** Names the pair that suggestions belong to. */
export const suggestionKey = (modelId: number, object: string): string => `${modelId}:${object}`;

/** Choosing another model or destination resets what no longer fits, and nothing else. */
export function changeModel(draft: SyncDraft, modelId: number): SyncDraft {
  return draft.modelId === modelId ? draft : { ...draft, modelId, suggestedFor: null };
}

export function changeDestination(draft: SyncDraft, destinationId: number): SyncDraft {
  if (draft.destinationId === destinationId) return draft;
  return { ...draft, destinationId, object: null, mode: null, options: {}, ...noMapping };
}

export function changeObject(
  draft: SyncDraft,
  object: string,
  modes: readonly SyncDraft['mode'][],
): SyncDraft {
  if (draft.object === object) return draft;
  const mode = modes.includes(draft.mode) ? draft.mode : (modes[0] ?? null);
  const options = isHttpRequest({ object, mode }) ? requestsFor(draft.triggers) : {};
  return { ...draft, object, mode, ...noMapping, options };
}

const noMapping = { matchKey: { from: '', to: '' }, mappings: [], suggestedFor: null };
