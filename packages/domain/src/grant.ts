import { z } from 'zod';

/** Begins a sign-in at the vendor of a connector. */
export const StartGrant = z.strictObject({ connector: z.string().min(1).max(60) });

/** Access that somebody gave by signing in at a vendor. */
export interface GrantView {
  id: number;
  connector: string;
  /** `pending`: the person is at the vendor; `revoked`: the vendor takes it no more. */
  status: 'pending' | 'active' | 'revoked';
  createdBy: string;
  createdAt: Date;
}
