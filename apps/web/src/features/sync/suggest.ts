import type { DestinationField, DestinationObjectDetail } from '@sluice/domain/connector';
import type { MappingSuggestion } from '@sluice/domain/sync';
import { type SyncModeDefinition, syncModes } from '@sluice/domain/sync-mode';
import { newMappingDraft } from './mapping-draft.ts';
import type { SyncDraft } from './sync-draft.ts';

/**
 * The draft with suggestions added: never over what a person chose. An empty match key gets the best unique field, or
 * the only one; required fields that nothing fits get an empty line, so that they are seen. Members of a list have
 * no fields, and an event none of those that name its person.
 */
export function applySuggestions(
  draft: SyncDraft,
  suggestions: readonly MappingSuggestion[],
  object: DestinationObjectDetail,
  primaryKey: string | undefined,
): SyncDraft {
  const mode: SyncModeDefinition | null = draft.mode && syncModes[draft.mode];
  const needsKey = mode?.needsMatchKey === true && !object.noMatchKey;
  const isEvent = mode?.operations.added === 'event';
  const matchKey =
    needsKey && draft.matchKey.from === '' && draft.matchKey.to === ''
      ? (suggestedMatchKey(suggestions, object, { primaryKey, isEvent }) ?? draft.matchKey)
      : draft.matchKey;
  if (object.membersOnly) return { ...draft, matchKey };
  const taken = new Set(draft.mappings.map(({ to }) => to));
  if (needsKey && matchKey.to !== '') taken.add(matchKey.to);
  const isFree = (field: DestinationField): boolean => !field.readOnly && !(isEvent && field.matchable);
  const added = suggestions
    .filter(({ to }) => !taken.has(to) && object.fields.some((field) => field.name === to && isFree(field)))
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
  { primaryKey, isEvent }: { primaryKey: string | undefined; isEvent: boolean },
): { from: string; to: string } | undefined {
  const unique = object.fields.filter((field) => field.matchable && !field.readOnly).map(({ name }) => name);
  const fitting = suggestions.filter(({ to }) => unique.includes(to));
  const ofRow = fitting.find(({ from }) => from === primaryKey);
  // The primary key of events names the event, and the match key its person.
  const best = isEvent ? fitting.find((one) => one !== ofRow) : (ofRow ?? fitting[0]);
  if (best) return { from: best.from, to: best.to };
  // No column of the model holds an id that the destination gives out.
  const [only, ...more] = object.fields.filter((field) => unique.includes(field.name) && !field.givenOut);
  return only && more.length === 0 ? { from: '', to: only.name } : undefined;
}
