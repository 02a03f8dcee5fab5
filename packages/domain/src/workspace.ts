import { z } from 'zod';
import { Email } from './account.ts';
import { Id } from './id.ts';
import { Name } from './name.ts';
import { PageInput } from './page.ts';
import { type Role, roles, type TokenScope, tokenScopes } from './permission.ts';
import { Retention } from './retention.ts';
import type { SyncStatus } from './run-status.ts';

export const CreateWorkspace = z.strictObject({ name: Name, organisationId: Id.optional() });
export const UpdateWorkspace = z.strictObject({
  name: Name.optional(),
  retention: Retention.optional(),
});

export interface WorkspaceView {
  id: number;
  name: string;
  slug: string;
  organisation: { id: number; name: string };
  retention: Retention;
  createdAt: Date;
}

export const CreateInvitation = z.strictObject({ role: z.enum(roles), email: Email.optional() });
export const UpdateMember = z.strictObject({ userId: Id, role: z.enum(roles) });

export interface MemberView {
  userId: number;
  name: string;
  email: string;
  role: Role;
  joinedAt: Date;
}

export interface InvitationView {
  id: number;
  email: string | null;
  role: Role;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date;
}

export const CreateToken = z.strictObject({
  name: Name,
  scope: z.enum(tokenScopes),
  /** `null` = never; 90 days unless said otherwise. */
  expiresInDays: z.number().int().min(1).max(3650).nullable().default(90),
  /** Limits the token to these syncs; `null` = all. */
  syncIds: z.array(Id).min(1).max(1000).nullable().default(null),
});

export const RotateToken = z.strictObject({
  id: Id,
  /** How long the secret of now goes on working beside the new one; 0 = it ends at once. */
  overlapHours: z
    .number()
    .int()
    .min(0)
    .max(7 * 24)
    .default(24),
  /** Of the new secret; `null` = never. */
  expiresInDays: CreateToken.shape.expiresInDays,
});

export interface TokenView {
  id: number;
  name: string;
  scope: TokenScope;
  lastFour: string;
  /** The secret before the last rotation, while it still works. */
  previous: { lastFour: string; expiresAt: Date } | null;
  syncIds: number[] | null;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

export const ListAudit = PageInput.extend({ action: z.string().max(100).optional() });

export interface AuditEntry {
  id: number;
  at: Date;
  /** Name of the person, token or part of Sluice that acted. */
  actor: string;
  actorKind: 'user' | 'token' | 'system';
  /** `source.update`, `member.remove`. */
  action: string;
  subjectType: string;
  subjectId: number | null;
  subjectName: string;
  /** Field → [before, after]; secrets appear as changed, never with a value. */
  changes: Record<string, [unknown, unknown]>;
}

/**
 * Why a sync needs attention: its schedule holds still (`paused`), nobody starts its runs (`overdue`), it missed times
 * in the last day (`missed`), or its newest run did not go well (`run`).
 */
export type AttentionKind = 'paused' | 'overdue' | 'missed' | 'run';

export interface AttentionItem {
  syncId: number;
  slug: string;
  kind: AttentionKind;
  /** Status of the sync's newest run. */
  status: SyncStatus;
  message: string;
  /** Since when. */
  at: Date;
  /** Of a pause: when the schedule goes on by itself; `null` = not before something changes. */
  until: Date | null;
}

/** The "Getting started" list and what the start page shows. */
export interface OverviewView {
  steps: { id: 'source' | 'model' | 'destination' | 'sync' | 'run' | 'token'; done: boolean }[];
  /** Steps the person did themselves, beyond the sample resources. */
  counts: { sources: number; models: number; destinations: number; syncs: number };
  /** One entry a day, oldest first, 14 days. */
  activity: { day: string; delivered: number; rejected: number; runs: number; failedRuns: number }[];
  attention: AttentionItem[];
}
