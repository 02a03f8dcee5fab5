import { tokenScopes } from '@sluice/domain/permission';
import { CreateToken } from '@sluice/domain/workspace';
import { z } from 'zod';

/** The form for a token: choices as the dialog shows them. `tokenOf` makes the request of it. */
export const NewTokenForm = z
  .object({
    name: CreateToken.shape.name,
    scope: z.enum(tokenScopes),
    /** Days, or `never`. */
    expiry: z.string(),
    limited: z.boolean(),
    syncIds: z.array(z.number().int()),
  })
  .refine((form) => !form.limited || form.syncIds.length > 0, {
    path: ['syncIds'],
    message: 'Choose at least one sync, or do not limit the token.',
  });
export type NewTokenForm = z.infer<typeof NewTokenForm>;

/** The request for the values of the form. */
export function tokenOf(form: NewTokenForm): z.infer<typeof CreateToken> {
  return {
    name: form.name,
    scope: form.scope,
    expiresInDays: form.expiry === 'never' ? null : Number(form.expiry),
    syncIds: form.limited ? form.syncIds : null,
  };
}
