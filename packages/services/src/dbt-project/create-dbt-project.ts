import { type Actor, authorise } from '@sluice/domain/actor';
import type { CreateDbtProject, DbtProjectView } from '@sluice/domain/dbt-project';
import { SluiceError } from '@sluice/domain/error';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import { getConnectionRow } from '../connection/get-connection-row.ts';
import { lockRow } from '../connection/lock-row.ts';
import type { ServiceContext } from '../context.ts';
import { withFreeSlug } from '../slug/with-free-slug.ts';
import { sourceKind } from '../source/source-kind.ts';
import { checkUrl } from '../webhook/check-url.ts';
import { sealHeader } from './dbt-header.ts';
import { getDbtProject } from './get-dbt-project.ts';

const projectsMax = 200;

/**
 * Makes a dbt project of a source; it has no nodes before its first manifest. Throws `not_found` for a source of another
 * workspace, `slug_taken`, `egress_refused` or `input_invalid` for its address, and `input_invalid` beyond 200 of them.
 */
export async function createDbtProject(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof CreateDbtProject>,
): Promise<DbtProjectView> {
  authorise(actor, 'model.write');
  const { workspaceId } = actor;
  const { sourceId, name, url, header } = input;
  await getConnectionRow(ctx.db, sourceKind, workspaceId, sourceId);
  if (url) await checkUrl(ctx, url);
  else if (header) throw headerWithoutUrl();
  // The id is part of what seals the header, so it is drawn before the row exists.
  const [next] = await ctx.db.$queryRaw<{ id: number }[]>`
    select nextval(pg_get_serial_sequence('dbt_projects', 'id'))::int as id`;
  if (!next) throw new Error('no sequence for dbt_projects');
  const { id } = next;
  const sealed = header && (await sealHeader(ctx, { workspaceId, id }, header.value));
  const list = async (prefix: string) => {
    const where = { workspaceId, slug: { startsWith: prefix } };
    return (await ctx.db.dbtProject.findMany({ where, select: { slug: true } })).map(({ slug }) => slug);
  };
  await withFreeSlug({ given: input.slug, name, list }, (slug) =>
    ctx.db.$transaction(async (tx) => {
      await lockRow(tx, 'sources', workspaceId, sourceId);
      await getConnectionRow(tx, sourceKind, workspaceId, sourceId);
      if ((await tx.dbtProject.count({ where: { workspaceId } })) >= projectsMax)
        throw new SluiceError('input_invalid', `A workspace has at most ${projectsMax} dbt projects.`);
      const headerName = header?.name ?? null;
      await tx.dbtProject.create({
        data: { id, workspaceId, sourceId, name, slug, url, headerName, header: sealed },
      });
      await audit(tx, actor, {
        action: 'dbt_project.create',
        subjectType: 'dbt_project',
        subjectId: id,
        subjectName: name,
        changes: diff({}, { slug, sourceId, name, url, headerName }),
      });
    }),
  );
  return getDbtProject(ctx, actor, { id });
}

/** `input_invalid`: there is no request that the header could go with. */
export const headerWithoutUrl = (): SluiceError =>
  new SluiceError('input_invalid', 'A header needs an address to be sent to.', {
    fields: { header: 'Only a manifest that is fetched has a header.' },
  });
