import type { Connection } from '@sluice/db/client';
import type { Person } from '@sluice/domain/actor';
import { audit } from '../audit/record-audit.ts';

export interface NewWorkspace {
  readonly name: string;
  readonly slug: string;
  readonly organisationId: number;
}

/** Creates a workspace whose first admin is the person, and records it, in the caller's transaction. */
export async function foundWorkspace(
  tx: Connection,
  person: Person,
  { name, slug, organisationId }: NewWorkspace,
): Promise<{ id: number; slug: string }> {
  const workspace = await tx.workspace.create({
    data: { name, slug, organisationId, members: { create: { userId: person.userId, role: 'admin' } } },
    select: { id: true, slug: true },
  });
  await audit(
    tx,
    { ...person, workspaceId: workspace.id },
    {
      action: 'workspace.create',
      subjectType: 'workspace',
      subjectId: workspace.id,
      subjectName: name,
      changes: { name: [null, name], slug: [null, slug] },
    },
  );
  return workspace;
}
