import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { Page } from '@sluice/domain/page';
import type { AuditEntry, ListAudit } from '@sluice/domain/workspace';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';

/** The workspace's audit log, newest first. `action` is a whole action or the noun before the dot (`source`). */
export async function listAudit(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: z.infer<typeof ListAudit>,
): Promise<Page<AuditEntry>> {
  authorise(actor, 'audit.read');
  const rows = await ctx.db.auditEntry.findMany({
    where: {
      workspaceId: actor.workspaceId,
      ...(input.cursor && { id: { lt: idOf(input.cursor) } }),
      ...(input.action && { OR: [{ action: input.action }, { action: { startsWith: `${input.action}.` } }] }),
    },
    orderBy: { id: 'desc' },
    take: input.limit + 1,
  });
  const items = rows.slice(0, input.limit).map((row) => ({
    id: Number(row.id),
    at: row.at,
    actor: row.actor,
    actorKind: row.actorKind as AuditEntry['actorKind'],
    action: row.action,
    subjectType: row.subjectType,
    subjectId: row.subjectId,
    subjectName: row.subjectName,
    changes: row.changes as AuditEntry['changes'],
  }));
  const last = items.at(-1);
  return { items, nextCursor: rows.length > input.limit && last ? String(last.id) : null };
}

function idOf(cursor: string): bigint {
  if (/^\d{1,18}$/.test(cursor)) return BigInt(cursor);
  throw new SluiceError('input_invalid', 'The page cursor is not valid.', {
    fields: { cursor: 'Use the cursor of the page before.' },
  });
}
