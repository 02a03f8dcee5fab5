import type { Person } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { CreateWorkspace, WorkspaceView } from '@sluice/domain/workspace';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { withFreeSlug } from '../slug/with-free-slug.ts';
import { foundWorkspace } from './found-workspace.ts';
import { loadWorkspace } from './get-workspace.ts';
import { listWorkspaceSlugs } from './workspace-slugs.ts';

/**
 * Creates a workspace in an organisation that the person owns (the oldest one unless it is named) and makes them its
 * admin. Throws `forbidden` for a member who is no owner, `not_found` for an organisation of others.
 */
export async function createWorkspace(
  ctx: ServiceContext,
  person: Person,
  input: z.infer<typeof CreateWorkspace>,
): Promise<WorkspaceView> {
  const organisationId = await ownedOrganisation(ctx, person, input.organisationId);
  const wish = {
    given: undefined,
    name: input.name,
    list: (prefix: string) => listWorkspaceSlugs(ctx.db, prefix),
  };
  const { id } = await withFreeSlug(wish, (slug) =>
    ctx.db.$transaction((tx) => foundWorkspace(tx, person, { name: input.name, slug, organisationId })),
  );
  return loadWorkspace(ctx.db, id);
}

async function ownedOrganisation(
  ctx: ServiceContext,
  person: Person,
  wanted: number | undefined,
): Promise<number> {
  const memberships = await ctx.db.organisationMember.findMany({
    where: { userId: person.userId, ...(wanted !== undefined && { organisationId: wanted }) },
    orderBy: { organisationId: 'asc' },
  });
  if (wanted !== undefined && memberships.length === 0) {
    throw new SluiceError('not_found', 'You do not belong to this organisation.');
  }
  const owned = memberships.find((membership) => membership.owner);
  if (owned) return owned.organisationId;
  throw new SluiceError('forbidden', 'Only an owner of the organisation creates workspaces.', {
    fix: 'Ask an owner of your organisation to create it and to invite you.',
  });
}
