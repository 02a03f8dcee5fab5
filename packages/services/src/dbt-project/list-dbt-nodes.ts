import { Prisma } from '@sluice/db/generated/client';
import { type Actor, authorise } from '@sluice/domain/actor';
import type {
  DbtColumn,
  DbtExposure,
  DbtNodeKind,
  DbtNodeView,
  ListDbtNodes,
} from '@sluice/domain/dbt-project';
import { SluiceError } from '@sluice/domain/error';
import type { Page } from '@sluice/domain/page';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { getProjectRow } from './dbt-project-view.ts';
import { problemOfNode } from './node-query.ts';

/** Nodes of a project, by name; those that are gone only while a model follows them. Throws `not_found`. */
export async function listDbtNodes(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: z.output<typeof ListDbtNodes>,
): Promise<Page<DbtNodeView>> {
  authorise(actor, 'model.read');
  const { workspaceId } = actor;
  const { id: projectId } = await getProjectRow(ctx.db, workspaceId, input.projectId);
  const ids = await ctx.db.$queryRaw<{ id: number; name: string }[]>`
    select id, name from dbt_nodes n
    where workspace_id = ${workspaceId} and project_id = ${projectId}
      and (present or exists (select from models m where m.workspace_id = n.workspace_id and m.dbt_node_id = n.id))
      and ${matching(input.search)} and ${after(input.cursor)}
    order by name, id limit ${input.limit + 1}`;
  const shown = ids.slice(0, input.limit);
  const rows = await ctx.db.dbtNode.findMany({
    where: { workspaceId, id: { in: shown.map(({ id }) => id) } },
    omit: { rawSql: true, fingerprint: true, checksum: true },
    include: { models: { select: { id: true, name: true }, orderBy: { id: 'asc' } } },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const items = shown.flatMap(({ id }) => {
    const row = byId.get(id);
    return row ? [nodeView(row)] : [];
  });
  const last = shown.at(-1);
  return { items, nextCursor: ids.length > input.limit && last ? cursorOf(last) : null };
}

function matching(search: string): Prisma.Sql {
  if (search === '') return Prisma.sql`true`;
  const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  return Prisma.sql`(unique_id ilike ${pattern} or description ilike ${pattern}
    or array_to_string(tags, ' ') ilike ${pattern}
    or exists (select from jsonb_array_elements(columns) c where c ->> 'name' ilike ${pattern}))`;
}

/** Where the page before ended: the id of its last node, and its name. */
const cursorOf = ({ id, name }: { id: number; name: string }): string => `${id}:${name.slice(0, 180)}`;

function after(cursor: string | null | undefined): Prisma.Sql {
  if (!cursor) return Prisma.sql`true`;
  const [, id, name] = /^(\d{1,9}):(.*)$/s.exec(cursor) ?? [];
  if (id === undefined || name === undefined) {
    throw new SluiceError('input_invalid', 'The page cursor is not valid.', {
      fields: { cursor: 'Use the cursor of the page before.' },
    });
  }
  return Prisma.sql`(name, id) > (${name}, ${Number(id)})`;
}

interface NodeRow {
  id: number;
  uniqueId: string;
  kind: string;
  name: string;
  description: string;
  packageName: string;
  path: string;
  materialised: string;
  relation: string | null;
  compiledSql: string | null;
  columns: unknown;
  tags: string[];
  exposures: unknown;
  present: boolean;
  models: { id: number; name: string }[];
}

function nodeView(row: NodeRow): DbtNodeView {
  const {
    id,
    uniqueId,
    name,
    description,
    packageName,
    path,
    materialised,
    relation,
    tags,
    present,
    models,
  } = row;
  return {
    id,
    uniqueId,
    kind: row.kind as DbtNodeKind,
    name,
    description,
    packageName,
    path,
    materialised,
    relation,
    columns: row.columns as DbtColumn[],
    tags,
    exposures: row.exposures as DbtExposure[],
    present,
    problem: problemOfNode(row)?.message ?? null,
    models,
  };
}
