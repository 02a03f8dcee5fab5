import { allColumnsOption, type DestinationObjectDetail, takesAllColumns } from '@sluice/domain/connector';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf, type SyncModeDefinition, syncModes } from '@sluice/domain/sync-mode';

/**
 * What is wrong with a sync's configuration for the object it writes to. Answers path → message
 * (`mappings.3.to`); empty when all is well.
 */
export function findObjectProblems(
  configuration: SyncConfiguration,
  object: DestinationObjectDetail,
): Record<string, string> {
  const problems = findModeProblems(configuration, object);
  if (object.mapping === 'template') return problems;

  const { matchKey, mappings } = configuration;
  const fields = new Map(object.fields.map((field) => [field.name, field]));
  const noField = (name: string): string => `${object.label} has no field "${name}".`;

  if (matchKey) {
    const field = fields.get(matchKey.to);
    if (object.noMatchKey) problems.matchKey = `${object.label} has no match key: map all of its fields.`;
    else if (!field) problems['matchKey.to'] = noField(matchKey.to);
    else if (!field.matchable)
      problems['matchKey.to'] =
        `"${matchKey.to}" is not unique in ${object.label}, so records cannot be found by it.`;
  }
  mappings.forEach(({ to }, index) => {
    const field = fields.get(to);
    if (!field && !object.openFields) problems[`mappings.${index}.to`] = noField(to);
    else if (field?.readOnly && to !== matchKey?.to)
      problems[`mappings.${index}.to`] = `"${to}" cannot be written: ${object.label} fills it itself.`;
  });

  const { added } = operationsOf(configuration);
  const creates = added !== null && added !== 'update' && added !== 'remove';
  const memberOnly = added === 'remove' || creates;
  if (takesAllColumns(configuration.options)) {
    if (mappings.length > 0)
      problems[`options.${allColumnsOption}`] =
        'All columns go along under their own names: nothing is mapped then.';
  } else if (mappings.length === 0 && !(matchKey && memberOnly))
    problems.mappings = 'Map at least one field: otherwise there is nothing to write.';
  if (creates) {
    const mapped = new Set([...mappings.map(({ to }) => to), matchKey?.to]);
    const missing = object.fields.filter(
      ({ name, required, readOnly }) => required && !readOnly && !mapped.has(name),
    );
    if (missing.length > 0)
      problems.mappings = `${object.label} requires ${missing
        .map(({ name }) => `"${name}"`)
        .join(', ')}: map ${missing.length === 1 ? 'it' : 'them'}.`;
  }
  return problems;
}

function findModeProblems(
  configuration: SyncConfiguration,
  object: DestinationObjectDetail,
): Record<string, string> {
  const problems: Record<string, string> = {};
  const { mode: id, deleteBehaviour, triggers, matchKey } = configuration;
  const mode: SyncModeDefinition = syncModes[id];
  if (!object.modes.includes(id)) {
    const offered = object.modes.map((name) => syncModes[name].label).join(', ');
    problems.mode = `${object.label} does not offer ${mode.label}. It offers: ${offered || 'nothing'}.`;
  }
  if (mode.needsMatchKey && !object.noMatchKey && !matchKey)
    problems.matchKey = 'Choose how records are found at the destination.';
  const leavesChoice = mode.operations.removed === 'choice';
  if (leavesChoice && deleteBehaviour !== 'nothing' && !object.deleteBehaviours.includes(deleteBehaviour))
    problems.deleteBehaviour = `${object.label} offers: ${object.deleteBehaviours.join(', ')}.`;
  if (mode.triggers && triggers.length === 0)
    problems.triggers = 'Choose at least one of added, changed and removed: otherwise nothing is ever sent.';
  return problems;
}
