import { z } from 'zod';
import { Name } from './name.ts';
import type { Permission, Role } from './permission.ts';

export const Email = z
  .email('Write an address such as ana@example.com.')
  .max(254)
  .transform((value) => value.toLowerCase());
export const Password = z.string().min(8, 'Use at least 8 characters.').max(1024);

export const SignUp = z.strictObject({
  name: Name,
  email: Email,
  password: Password,
  /** Needed without an invitation: the organisation and its first workspace are created. */
  organisationName: Name.optional(),
  invitation: z.string().max(200).optional(),
});
export const ChangePassword = z.strictObject({ current: z.string().max(1024), next: Password });
export const UpdateAccount = z.strictObject({ name: Name });

export interface AccountView {
  id: number;
  name: string;
  email: string;
  workspaces: {
    id: number;
    name: string;
    slug: string;
    role: Role;
    permissions: Permission[];
    organisation: { id: number; name: string };
  }[];
}
