import { z } from 'zod';

/** How a condition compares a column of the model. Numbers and times are compared as such, everything else as text. */
export const filterOperators = {
  equals: 'is',
  not_equals: 'is not',
  less: 'is less than',
  at_most: 'is at most',
  greater: 'is greater than',
  at_least: 'is at least',
  contains: 'contains',
  starts_with: 'begins with',
  in: 'is one of',
  is_null: 'is NULL',
  is_not_null: 'is not NULL',
} as const;
export type FilterOperator = keyof typeof filterOperators;

const operators = Object.keys(filterOperators) as [FilterOperator, ...FilterOperator[]];
const text = z.string().max(10_000);

/** One condition on a column of the model. A NULL fulfils none but `is_null`. */
export const RowCondition = z
  .strictObject({
    column: z.string().min(1, 'Choose a column.').max(200),
    operator: z.enum(operators),
    /** Canonical text, as previews show it; a list for `in`; none for the two about NULL. */
    value: z.union([text, z.array(text).min(1).max(1_000)]).optional(),
  })
  .superRefine(({ operator, value }, check) => {
    const wanted = operator === 'in' ? 'a list' : operator.startsWith('is_') ? 'nothing' : 'a value';
    const given = value === undefined ? 'nothing' : Array.isArray(value) ? 'a list' : 'a value';
    if (wanted !== given)
      check.addIssue({ code: 'custom', path: ['value'], message: `"${operator}" needs ${wanted} here.` });
  });
export type RowCondition = z.infer<typeof RowCondition>;

/** Rows for which all conditions hold. */
export const RowFilter = z.array(RowCondition).min(1, 'Add a condition.').max(20);
export type RowFilter = z.infer<typeof RowFilter>;
