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

/** How long a secret lives, in days. */
export const expiryOptions = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: 'never', label: 'Never', help: 'Revoke it yourself when it is no longer needed.' },
];

/** How long the secret of before goes on beside a new one, in hours. */
export const overlapOptions = [
  { value: '0', label: 'No time: it ends now', help: 'For a secret that somebody else may have seen.' },
  { value: '1', label: '1 hour' },
  { value: '24', label: '24 hours' },
  { value: '72', label: '3 days' },
  { value: '168', label: '7 days' },
];
