import { z } from 'zod';

/** What a NULL does to the destination's field. */
export const nullPolicies = ['send', 'skip'] as const;
/** The policies in words, for the console and the documentation. */
export const nullPolicyEffects: Record<(typeof nullPolicies)[number], { label: string; effect: string }> = {
  send: {
    label: 'Send the NULL',
    effect: 'The field is emptied at the destination: it holds what the model holds, nothing included.',
  },
  skip: {
    label: 'Leave the field alone',
    effect: 'The field is left out for this row, so the destination keeps the value it has.',
  },
};
export const NullPolicy = z.enum(nullPolicies).default('send');

/** Facts about the run that a mapping may send. */
export const mappingVariables = {
  'sync-id': 'Number of the sync',
  'sync-slug': 'Slug of the sync',
  'run-id': 'Number of the run',
  'run-started-at': 'When the run started (ISO 8601, UTC)',
  'model-id': 'Number of the model',
  'model-name': 'Name of the model',
  'change-class': 'added, changed or removed',
} as const;
export type MappingVariable = keyof typeof mappingVariables;

const to = z.string().min(1, 'Choose a field of the destination.').max(200);

/** How one field of the destination gets its value. */
export const Mapping = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('column'),
    to,
    from: z.string().min(1, 'Choose a column.'),
    nulls: NullPolicy,
  }),
  z.strictObject({
    type: z.literal('static'),
    to,
    value: z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]),
    nulls: NullPolicy,
  }),
  z.strictObject({
    type: z.literal('variable'),
    to,
    variable: z.enum(Object.keys(mappingVariables) as [MappingVariable, ...MappingVariable[]]),
    nulls: NullPolicy,
  }),
  z.strictObject({
    type: z.literal('template'),
    to,
    template: z.string().min(1).max(10_000),
    nulls: NullPolicy,
  }),
]);
export type Mapping = z.infer<typeof Mapping>;
export type MappingInput = z.input<typeof Mapping>;

/** Records are found at the destination by `to`, whose value is the model's column `from`. */
export const MatchKey = z.strictObject({ from: z.string().min(1), to: z.string().min(1) });
export type MatchKey = z.infer<typeof MatchKey>;
