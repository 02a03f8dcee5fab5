import type { Column } from '@sluice/domain/column';
import {
  type DestinationField,
  type DestinationObjectDetail,
  takesAllColumns,
} from '@sluice/domain/connector';
import { toSluiceError } from '@sluice/domain/error';
import { assertSchedule, Schedule } from '@sluice/domain/schedule';
import { Slug } from '@sluice/domain/slug';
import { type SyncModeDefinition, syncModes } from '@sluice/domain/sync-mode';
import { httpOptionProblems } from './http-options.ts';
import type { MappingDraft } from './mapping-draft.ts';
import { optionProblems } from './object-options.ts';
import { type SyncDraft, sentMappings } from './sync-draft.ts';

/** Field path, as the API names it (`configuration.mappings.0.to`) → what is wrong. */
export type Problems = Record<string, string>;

/** What the draft is checked against; `null` while it is being read. */
export interface DraftFacts {
  columns: readonly Column[] | null;
  object: DestinationObjectDetail | null;
}

/** The steps of the wizard, in order. */
export const wizardSteps = ['model', 'destination', 'object', 'mapping', 'schedule', 'review'] as const;
export type WizardStep = (typeof wizardSteps)[number];

/** What keeps a step from being complete. The API checks everything again; this says it early, and in place. */
export function stepProblems(step: WizardStep, draft: SyncDraft, facts: DraftFacts): Problems {
  switch (step) {
    case 'model':
      return draft.modelId === null ? { modelId: 'Choose the model whose rows are sent.' } : {};
    case 'destination':
      return draft.destinationId === null ? { destinationId: 'Choose where the rows go.' } : {};
    case 'object':
      return objectProblems(draft, facts);
    case 'mapping':
      return mappingProblems(draft, facts);
    case 'schedule':
      return scheduleProblems(draft);
    case 'review':
      return draft.slug === '' || Slug.safeParse(draft.slug).success
        ? {}
        : { slug: 'Use lower-case letters, digits and single hyphens.' };
  }
}

/** The first step that is not complete; `null` when the draft can be saved. */
export function firstOpenStep(draft: SyncDraft, facts: DraftFacts): WizardStep | null {
  return wizardSteps.find((step) => Object.keys(stepProblems(step, draft, facts)).length > 0) ?? null;
}

function objectProblems(draft: SyncDraft, { object }: DraftFacts): Problems {
  if (draft.object === null) return { 'configuration.object': 'Choose what to write to.' };
  if (draft.mode === null) return { 'configuration.mode': 'Choose a mode.' };
  if (object && !object.modes.includes(draft.mode)) {
    return { 'configuration.mode': `${object.label} does not offer ${syncModes[draft.mode].label}.` };
  }
  if (syncModes[draft.mode].triggers && draft.triggers.length === 0) {
    return { 'configuration.triggers': 'Choose at least one of added, changed and removed rows.' };
  }
  return {};
}

function mappingProblems(draft: SyncDraft, { columns, object }: DraftFacts): Problems {
  const options = prefixed('configuration.options.', optionProblems(object?.options ?? [], draft));
  if (object?.mapping === 'template' && object.options) return options;
  if (object?.mapping === 'template') {
    return prefixed('configuration.options.', httpOptionProblems(draft.options, draft.triggers));
  }
  const problems: Problems = options;
  const names = columns && new Set(columns.map((column) => column.name));
  const needsKey = draft.mode !== null && syncModes[draft.mode].needsMatchKey && !object?.noMatchKey;
  if (needsKey) Object.assign(problems, matchKeyProblems(draft, names, object));

  const mappings = sentMappings(draft);
  const taken = new Set(needsKey && draft.matchKey.to !== '' ? [draft.matchKey.to] : []);
  mappings.forEach((mapping, index) => {
    const path = `configuration.mappings.${index}`;
    const field = object?.fields.find(({ name }) => name === mapping.to);
    const source = sourceProblem(mapping, names, field);
    if (source) problems[`${path}.${source.field}`] = source.message;
    if (mapping.to === '') problems[`${path}.to`] = 'Choose a field of the destination.';
    else if (taken.has(mapping.to)) problems[`${path}.to`] = `${mapping.to} is already mapped.`;
    else if (object && !field && !object.openFields)
      problems[`${path}.to`] = `${object.label} has no field ${mapping.to} any more.`;
    else if (field?.readOnly)
      problems[`${path}.to`] = `${mapping.to} cannot be written: the destination sets it.`;
    taken.add(mapping.to);
  });

  const missing = object?.fields.filter((field) => field.required && !taken.has(field.name)) ?? [];
  if (missing.length > 0 && writesNewRecords(draft)) {
    problems['configuration.mappings'] =
      `${listed(missing.map(({ label }) => label))} must have a value: the destination refuses records without it.`;
  } else if (object?.membersOnly && mappings.length > 0) {
    problems['configuration.mappings'] =
      'Members have no fields: the match key says who they are. Remove the mappings.';
  } else if (mappings.length === 0 && !needsKey && !takesAllColumns(draft.options)) {
    problems['configuration.mappings'] = 'Map at least one field.';
  }
  return problems;
}

function matchKeyProblems(
  draft: SyncDraft,
  names: ReadonlySet<string> | null,
  object: DestinationObjectDetail | null,
): Problems {
  const { from, to } = draft.matchKey;
  if (from === '')
    return { 'configuration.matchKey.from': 'Choose the column whose value finds the record.' };
  if (names && !names.has(from))
    return { 'configuration.matchKey.from': `The model has no column ${from} any more.` };
  if (to === '') return { 'configuration.matchKey.to': 'Choose the field that finds the record.' };
  const field = object?.fields.find(({ name }) => name === to);
  if (object && !field?.matchable)
    return { 'configuration.matchKey.to': `${to} is not unique at the destination.` };
  return {};
}

function sourceProblem(
  mapping: MappingDraft,
  names: ReadonlySet<string> | null,
  field: DestinationField | undefined,
): { field: string; message: string } | null {
  if (mapping.type === 'template') {
    return mapping.template.trim() === '' ? { field: 'template', message: 'Write a template.' } : null;
  }
  if (mapping.type !== 'column') return null;
  if (mapping.from === '') {
    const needed = field?.required ? `${field.label} is required. ` : '';
    return { field: 'from', message: `${needed}Choose a column, or another kind of value on the left.` };
  }
  if (names && !names.has(mapping.from)) {
    return { field: 'from', message: `The model has no column ${mapping.from} any more.` };
  }
  return null;
}

/** What keeps a schedule from being one. */
export function scheduleProblems({ schedule }: Pick<SyncDraft, 'schedule'>): Problems {
  if (schedule === null) return {};
  const parsed = Schedule.safeParse(schedule);
  if (!parsed.success)
    return { schedule: parsed.error.issues[0]?.message ?? 'The schedule is not complete.' };
  try {
    assertSchedule(parsed.data);
    return {};
  } catch (thrown) {
    return { schedule: toSluiceError(thrown).message };
  }
}

function writesNewRecords({ mode }: SyncDraft): boolean {
  if (mode === null) return false;
  const { added }: SyncModeDefinition['operations'] = syncModes[mode].operations;
  return added !== null && added !== 'update' && added !== 'remove';
}

const prefixed = (prefix: string, problems: Problems): Problems =>
  Object.fromEntries(Object.entries(problems).map(([path, message]) => [prefix + path, message]));

const listed = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);
