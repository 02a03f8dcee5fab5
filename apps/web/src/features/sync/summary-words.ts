import { takesAllColumns } from '@sluice/domain/connector';
import { type Operation, operationsOf, type SyncModeDefinition, syncModes } from '@sluice/domain/sync-mode';
import { type SyncDraft, sentMappings } from './sync-draft.ts';

const removals: Partial<Record<Operation, string>> = {
  delete: 'Their records are deleted',
  clear: 'The mapped fields are cleared',
  archive: 'Their records are archived',
  remove: 'They are taken out',
};

/** What happens to rows that leave the model, in one sentence. */
export function removalWords({ mode, deleteBehaviour, triggers }: SyncDraft): string {
  if (mode === null) return '–';
  const { removed } = operationsOf({ mode, deleteBehaviour, triggers });
  const definition: SyncModeDefinition = syncModes[mode];
  if (removed === null) return 'Left alone';
  if (definition.triggers) return 'A request is sent';
  // A file says what happened to a row; nothing is deleted in it.
  if (definition.operations.removed === 'delete' && !definition.needsMatchKey)
    return definition.effects.removed;
  return removals[removed] ?? 'Left alone';
}

/** Which values are sent, by the names of columns and fields. */
export function mappingWords(draft: SyncDraft): string {
  if (takesAllColumns(draft.options)) return 'All columns, under their own names';
  const words = sentMappings(draft).map(
    (mapping) => `${mapping.type === 'column' ? mapping.from : mapping.type} → ${mapping.to}`,
  );
  return words.length > 0 ? words.join(', ') : 'None beside the match key';
}
