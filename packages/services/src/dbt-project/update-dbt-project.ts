import { type Actor, authorise } from '@sluice/domain/actor';
import type { DbtProjectView, UpdateDbtProject } from '@sluice/domain/dbt-project';
import { SluiceError } from '@sluice/domain/error';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import { lockRow } from '../connection/lock-row.ts';
import type { ServiceContext } from '../context.ts';
import { checkUrl } from '../webhook/check-url.ts';
import { headerWithoutUrl } from './create-dbt-project.ts';
import { sealHeader } from './dbt-header.ts';
import { getProjectRow } from './dbt-project-view.ts';
import { getDbtProject } from './get-dbt-project.ts';

/**
 * Renames a project or changes where its manifest comes from. A header that is kept goes to the host that it was meant
 * for: another one wants it again. Throws `not_found`, `egress_refused`, `input_invalid`.
 */
export async function updateDbtProject(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof UpdateDbtProject>,
): Promise<DbtProjectView> {
  authorise(actor, 'model.write');
  const { workspaceId } = actor;
  const { id } = input;
  await getProjectRow(ctx.db, workspaceId, id);
  if (input.url) await checkUrl(ctx, input.url);
  const sealed = input.header && (await sealHeader(ctx, { workspaceId, id }, input.header.value));
  await ctx.db.$transaction(async (tx) => {
    await lockRow(tx, 'dbt_projects', workspaceId, id);
    const before = await getProjectRow(tx, workspaceId, id);
    const name = input.name ?? before.name;
    const url = input.url === undefined ? before.url : input.url;
    if (input.header && url === null) throw headerWithoutUrl();
    const kept = input.header === undefined && url !== null;
    if (kept && before.header && originOf(url) !== originOf(before.url)) throw headerElsewhere();
    const headerName = kept ? before.headerName : (input.header?.name ?? null);
    const header = kept ? before.header : (sealed ?? null);
    await tx.dbtProject.update({ where: { id }, data: { name, url, headerName, header } });
    const changes = diff(
      { name: before.name, url: before.url, headerName: before.headerName, header: before.header },
      { name, url, headerName, header },
      new Set(['header']),
    );
    await audit(tx, actor, {
      action: 'dbt_project.update',
      subjectType: 'dbt_project',
      subjectId: id,
      subjectName: name,
      changes,
    });
  });
  return getDbtProject(ctx, actor, { id });
}

const originOf = (url: string | null): string | null => (url === null ? null : new URL(url).origin);

const headerElsewhere = (): SluiceError =>
  new SluiceError('input_invalid', 'The address has another host, so the header has to be written again.', {
    fields: { header: 'Write it again: it goes to another host now.' },
  });
