import type { ServiceContext } from '../context.ts';

interface Project {
  readonly workspaceId: number;
  readonly id: number;
}

/** The value of a project's header, sealed; opens nowhere else. */
export function sealHeader(
  ctx: Pick<ServiceContext, 'vault'>,
  project: Project,
  value: string,
): Promise<string> {
  return ctx.vault.seal(placeOf(project), value);
}

/** The value in clear. Logs hide it from here on. */
export async function openHeader(
  ctx: Pick<ServiceContext, 'vault' | 'secrets'>,
  project: Project,
  sealed: string,
): Promise<string> {
  const value = await ctx.vault.open(placeOf(project), sealed);
  // `Bearer abc`: the part after the scheme is as secret as the whole.
  ctx.secrets.register([value, ...value.split(' ').slice(1)]);
  return value;
}

const placeOf = ({ workspaceId, id }: Project) =>
  ({ workspaceId, table: 'dbt_projects', recordId: id, field: 'header' }) as const;
