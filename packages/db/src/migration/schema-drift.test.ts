import { asOwner, createSluiceDatabase } from '@sluice/testing/postgres';
import { expect, it } from 'vitest';
import { migrate } from './migrate.ts';
import { schemaDrift } from './schema-drift.ts';

it('builds exactly what the Prisma schema says', async () => {
  expect(await schemaDrift(await createSluiceDatabase())).toBe('');
});

it('applies each migration once, however many processes start at once', async () => {
  const url = await createSluiceDatabase();
  expect(await Promise.all([migrate(url), migrate(url), migrate(url)])).toEqual([[], [], []]);
});

it('allows one active and one queued run per sync', async () => {
  const url = new URL(await createSluiceDatabase());
  const database = url.pathname.slice(1);
  await asOwner(
    `insert into organisations(name) values ('o');
     insert into workspaces(organisation_id, name, slug) values (1, 'w', 'w');
     insert into sources(workspace_id, name, slug, type, configuration, updated_at) values (1, 's', 's', 'sample', '{}', now());
     insert into models(workspace_id, source_id, name, slug, query, primary_key, updated_at) values (1, 1, 'm', 'm', '{}', 'id', now());
     insert into destinations(workspace_id, name, slug, type, configuration, updated_at) values (1, 'd', 'd', 'x', '{}', now());
     insert into syncs(workspace_id, model_id, destination_id, slug, configuration, updated_at) values (1, 1, 1, 's', '{}', now());`,
    [],
    database,
  );
  const insert = (status: string) =>
    asOwner(
      `insert into runs(workspace_id, sync_id, status, trigger, triggered_by) values (1, 1, '${status}', 'manual', 'x')`,
      [],
      database,
    );
  await insert('success');
  await insert('querying');
  await expect(insert('processing')).rejects.toThrow('runs_one_active');
  await insert('queued');
  await expect(insert('queued')).rejects.toThrow('runs_one_queued');
});
