import type { Connection } from '@sluice/db/client';
import type { Person } from '@sluice/domain/actor';
import { type AuditRecord, audit } from './record-audit.ts';

/** Records what a person changed about themselves in every workspace they belong to, in the change's transaction. */
export async function auditPerson(
  tx: Connection,
  person: Person,
  record: Omit<AuditRecord, 'subjectType' | 'subjectId' | 'subjectName'>,
): Promise<void> {
  const memberships = await tx.workspaceMember.findMany({
    where: { userId: person.userId },
    select: { workspaceId: true },
  });
  for (const { workspaceId } of memberships) {
    const subject = { subjectType: 'user', subjectId: person.userId, subjectName: person.name };
    await audit(tx, { ...person, workspaceId }, { ...record, ...subject });
  }
}
