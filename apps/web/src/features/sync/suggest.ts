import type { DestinationObjectDetail } from '@sluice/domain/connector';
import type { MappingSuggestion } from '@sluice/domain/sync';
import { syncModes } from '@sluice/domain/sync-mode';
import { newMappingDraft } from './mapping-draft.ts';
import type { SyncDraft } from './sync-draft.ts';

/**
 * The draft with suggestions added: never over what a person chose. An empty match key gets the best unique field;
 * required fields that nothing fits get an empty line, so that they are seen.
 */
export function applySuggestions(
  draft: SyncDraft,
  suggestions: readonly MappingSuggestion[],
  object: DestinationObjectDetail,
  primaryKey: string | undefined,
): SyncDraft {
  const needsKey = draft.mode !== null && syncModes[draft.mode].needsMatchKey;
  const matchKey =
    needsKey && draft.matchKey.from === '' && draft.matchKey.to === ''
      ? (suggestedMatchKey(suggestions, object, primaryKey) ?? draft.matchKey)
      : draft.matchKey;
  const taken = new Set(draft.mappings.map(({ to }) => to));
  if (needsKey && matchKey.to !== '') taken.add(matchKey.to);
  const added = suggestions
    .filter(({ to }) => !taken.has(to) && object.fields.some((field) => field.name === to && !field.readOnly))
    .map(({ from, to }) => newMappingDraft({ from, to }));
  for (const { to } of added) taken.add(to);
  const missing = object.fields
    .filter((field) => field.required && !field.readOnly && !taken.has(field.name))
    .map((field) => newMappingDraft({ to: field.name }));
  return { ...draft, matchKey, mappings: [...draft.mappings, ...added, ...missing] };
}

function suggestedMatchKey(
  suggestions: readonly MappingSuggestion[],
  object: DestinationObjectDetail,
  primaryKey: string | undefined,
): { from: string; to: string } | undefined {
  const unique = new Set(
    object.fields.filter((field) => field.matchable && !field.readOnly).map(({ name }) => name),
  );
  const fitting = suggestions.filter(({ to }) => unique.has(to));
  const best = fitting.find(({ from }) => from === primaryKey) ?? fitting[0];
  return best && { from: best.from, to: best.to };
}
