import type { Database } from '@sluice/db/client';

/** Removes sign-ins that nobody finished, access that no connection took up in a day, and that of removed connections. */
export async function pruneGrants(db: Database): Promise<number> {
  return db.$executeRaw`
    delete from oauth_grants g
    where (g.status = 'pending' and g.expires_at < now() - interval '1 hour')
      or (g.holder is null and g.created_at < now() - interval '1 day')
      or (g.holder like 'destinations:%' and not exists (
        select 1 from destinations d where d.workspace_id = g.workspace_id and 'destinations:' || d.id = g.holder))
      or (g.holder like 'sources:%' and not exists (
        select 1 from sources s where s.workspace_id = g.workspace_id and 'sources:' || s.id = g.holder))`;
}
