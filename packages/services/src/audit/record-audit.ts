import type { Connection } from '@sluice/db/client';
import type { Actor, Person } from '@sluice/domain/actor';

export interface AuditRecord {
  /** `source.update`, `member.remove`: noun and verb. */
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: number | null;
  readonly subjectName: string;
  /** Field → [before, after], from `diff`; never holds a secret. */
  readonly changes?: Record<string, [unknown, unknown]>;
}

/**
 * Writes who changed what, in the transaction that makes the change: either both are on disk or neither. A person
 * who acts outside a workspace names the workspace that the change belongs to.
 */
export async function audit(
  tx: Connection,
  actor: Actor | (Person & { readonly workspaceId: number }),
  record: AuditRecord,
): Promise<void> {
  const identity = 'identity' in actor ? actor.identity : ({ kind: 'user', ...actor } as const);
  await tx.auditEntry.create({
    data: {
      workspaceId: actor.workspaceId,
      actorKind: identity.kind,
      actorId:
        identity.kind === 'user' ? identity.userId : identity.kind === 'token' ? identity.tokenId : null,
      actor: identity.name,
      requestId: actor.requestId,
      action: record.action,
      subjectType: record.subjectType,
      subjectId: record.subjectId,
      subjectName: record.subjectName,
      changes: JSON.parse(JSON.stringify(record.changes ?? {})),
    },
  });
}
