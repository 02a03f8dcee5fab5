import { z } from 'zod';
import type { CheckResult } from './connector.ts';
import { Id } from './id.ts';
import { Name } from './name.ts';
import { Slug } from './slug.ts';
import type { ResyncKind } from './sync.ts';

/** Values of the connector's fields; validated against its definition. */
const configuration = z.record(z.string().max(100), z.unknown());

/** Sources and destinations are both connections: credentials of one system, tested once. */
export const CreateConnection = z.strictObject({
  name: Name,
  slug: Slug.optional(),
  type: z.string().min(1).max(60),
  configuration,
});
/** Fields that are left out keep their value; so does a secret that arrives as `secretSet`. */
export const UpdateConnection = z.strictObject({
  id: Id,
  name: Name.optional(),
  configuration: configuration.optional(),
  /** When the editor saw it last: a change by somebody else since then is refused as `conflict`. */
  updatedAt: z.date().optional(),
});
/** `rollout`: where it leads to another address, whether rows delivered before are sent again (`destination.effectOf`). */
export const UpdateDestination = UpdateConnection.extend({
  rollout: z.enum(['backfill', 'from_now']).optional(),
});
/** Checks saved credentials (`id`), a draft (`type` + `configuration`), or a draft over saved ones (all three). */
export const CheckConnection = z.strictObject({
  id: Id.optional(),
  type: z.string().min(1).max(60),
  configuration,
});

export interface ConnectionView {
  id: number;
  name: string;
  slug: string;
  type: string;
  /** Without secrets: a secret that is set reads as `secretSet`. */
  configuration: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
  /** What the last "Test connection" said; `null` if it was never run. */
  lastCheck: { at: Date; ok: boolean; checks: CheckResult[] } | null;
}

export interface SourceView extends ConnectionView {
  models: { id: number; name: string }[];
  /** Sluice may have tables in the source, for its planner there. */
  plannerTables: boolean;
}

export interface DestinationView extends ConnectionView {
  /** `pendingResync` other than `none`: what the next run of the sync will do. */
  syncs: { id: number; slug: string; modelName: string; pendingResync: ResyncKind }[];
}
