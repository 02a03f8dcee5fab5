import type { Column } from '@sluice/domain/column';
import { type Mapping, type MappingVariable, mappingVariables, nullPolicies } from '@sluice/domain/mapping';
import { z } from 'zod';
import { randomUuid } from '#form/random-uuid.ts';

/** The kinds of value a mapping may have, with the words of the picker. */
export const mappingKinds = {
  column: { label: 'Column', help: 'The value of a column of the model' },
  static: { label: 'Static value', help: 'The same value for every row' },
  variable: { label: 'Variable', help: 'A fact about the run, such as its number' },
  template: { label: 'Template', help: 'Text made with Liquid from columns of the row' },
} as const satisfies Record<Mapping['type'], { label: string; help: string }>;
export type MappingKind = keyof typeof mappingKinds;

/**
 * A mapping that is being written. It keeps the input of every kind, so that switching the kind and back loses
 * nothing; only the chosen kind is sent.
 */
export const MappingDraft = z.object({
  id: z.string(),
  to: z.string().default(''),
  type: z.enum(['column', 'static', 'variable', 'template']).default('column'),
  from: z.string().default(''),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]).default(''),
  variable: z
    .enum(Object.keys(mappingVariables) as [MappingVariable, ...MappingVariable[]])
    .default('run-id'),
  template: z.string().default(''),
  nulls: z.enum(nullPolicies).default('send'),
});
export type MappingDraft = z.infer<typeof MappingDraft>;

/** A new draft; `id` is unique in the page. */
export function newMappingDraft(values: Partial<MappingDraft> = {}): MappingDraft {
  return MappingDraft.parse({ id: randomUuid(), ...values });
}

/** The draft of a saved mapping. */
export function mappingDraftOf(mapping: Mapping): MappingDraft {
  return newMappingDraft(mapping);
}

/** The mapping that a draft stands for; may still be incomplete, which `mappingProblem` tells. */
export function mappingOf(draft: MappingDraft): Mapping {
  const { to, nulls } = draft;
  switch (draft.type) {
    case 'column':
      return { type: 'column', to, from: draft.from, nulls };
    case 'static':
      return { type: 'static', to, value: draft.value, nulls };
    case 'variable':
      return { type: 'variable', to, variable: draft.variable, nulls };
    case 'template':
      return { type: 'template', to, template: draft.template, nulls };
  }
}

/** A mapping under its own name for each column that neither the match key nor another mapping sends. */
export function otherColumns(
  draft: { matchKey: { from: string }; mappings: readonly MappingDraft[] },
  columns: readonly Column[],
  /** Fields that are filled already. */
  taken: ReadonlySet<string>,
): MappingDraft[] {
  const sent = new Set(draft.mappings.filter(({ type }) => type === 'column').map(({ from }) => from));
  return columns
    .filter(({ name }) => !sent.has(name) && !taken.has(name) && name !== draft.matchKey.from)
    .map(({ name }) => newMappingDraft({ from: name, to: name }));
}

/** Whether nothing was entered: such a row of the table is not sent. */
export function isBlankMapping(draft: MappingDraft): boolean {
  return draft.to === '' && draft.type === 'column' && draft.from === '';
}
