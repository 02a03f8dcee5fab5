import type { Connection } from '@sluice/db/client';

/** First words of the console's own addresses: a workspace of this name would hide them. */
const reserved =
  'account api assets docs favicon health invite new settings sign-in sign-out sign-up static welcome workspaces'.split(
    ' ',
  );

/** Workspace slugs that begin with the text and are taken, the reserved ones included. Unique over all tenants. */
export async function listWorkspaceSlugs(db: Connection, prefix: string): Promise<string[]> {
  const rows = await db.workspace.findMany({
    where: { slug: { startsWith: prefix } },
    select: { slug: true },
  });
  return [...reserved, ...rows.map((row) => row.slug)];
}
