import type { Actor } from '@sluice/domain/actor';
import { SyncConfiguration } from '@sluice/domain/sync';
import { signUp } from '../account/sign-up.ts';
import { systemActor } from '../actor/system-actor.ts';
import type { ServiceContext } from '../context.ts';
import { createDestination } from '../destination/create-destination.ts';
import { updateDestination } from '../destination/update-destination.ts';
import { createModel } from '../model/create-model.ts';
import { createSource } from '../source/create-source.ts';
import { createSync } from '../sync/create-sync.ts';
import { triggerSync } from '../sync/trigger-sync.ts';
import { demoModelSql } from './demo-model-sql.ts';

/** The database that the demo sync writes to. */
export interface DemoDatabase {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export interface DemoOptions {
  readonly email: string;
  readonly password: string;
  readonly database: DemoDatabase;
  /** The demo was complete at an earlier start: what people did to it since is left alone. */
  readonly complete: boolean;
}

const slugs = {
  source: 'sample-shop',
  model: 'customers',
  destination: 'demo-crm',
  sync: 'customers-to-demo-crm',
};

/**
 * A workspace in which a sync of sample data works already, so that a newcomer sees a run with delivered and rejected
 * rows before making anything. Each part is made unless it exists, so a start that was cut short is completed by the
 * next. The destination follows the demo database when that had to move to another port.
 */
export async function ensureDemo(ctx: ServiceContext, options: DemoOptions): Promise<void> {
  const actor = await demoActor(ctx, options);
  if (!actor) return;
  const { database, complete } = options;
  const signal = AbortSignal.timeout(60_000);
  const { workspaceId } = actor;
  const find = { where: { workspaceId_slug: { workspaceId, slug: '' } } };
  const bySlug = (slug: string) => ({ ...find, where: { workspaceId_slug: { workspaceId, slug } } });
  const destination = await ctx.db.destination.findUnique(bySlug(slugs.destination));
  if (destination) await followDatabase(ctx, actor, destination, database);
  if (complete) return;

  const source =
    (await ctx.db.source.findUnique(bySlug(slugs.source))) ??
    (await createSource(ctx, actor, {
      name: 'Sample shop',
      slug: slugs.source,
      type: 'sample',
      configuration: {},
    }));
  const model =
    (await ctx.db.model.findUnique(bySlug(slugs.model))) ??
    (await createModel(
      ctx,
      actor,
      {
        name: 'Customers',
        slug: slugs.model,
        description: 'Every user of the shop with company, plan and what they have spent.',
        sourceId: source.id,
        query: { queryType: 'raw_sql', sql: demoModelSql },
        primaryKey: 'user_id',
        tags: {},
        skipColumnQuery: false,
      },
      { signal },
    ));
  const target =
    destination ??
    (await createDestination(ctx, actor, {
      name: 'Demo CRM',
      slug: slugs.destination,
      type: 'postgresql',
      configuration: { ...database, sslMode: 'disable' },
    }));
  const sync =
    (await ctx.db.sync.findUnique(bySlug(slugs.sync))) ??
    (await createSync(
      ctx,
      actor,
      {
        slug: slugs.sync,
        modelId: model.id,
        destinationId: target.id,
        configuration,
        schedule: null,
        disabled: false,
        tags: {},
      },
      { signal },
    ));
  const run = await ctx.db.run.findFirst({ where: { workspaceId, syncId: sync.id } });
  if (!run) await triggerSync(ctx, actor, { id: sync.id, resync: 'none', ignoreGuards: false });
}

const column = (to: string, from = to) => ({ type: 'column' as const, to, from, nulls: 'send' as const });

const configuration = SyncConfiguration.parse({
  object: 'public.contacts',
  mode: 'mirror',
  matchKey: { from: 'user_id', to: 'user_id' },
  mappings: [
    column('email'),
    column('full_name'),
    column('company'),
    column('plan'),
    column('country'),
    column('lifetime_value'),
    column('last_seen_at'),
    {
      type: 'template',
      to: 'updated_by_sync',
      template: 'Sluice sync {{ context.sync-slug }}',
      nulls: 'send',
    },
  ],
});

/** The demo's workspace, acted in by Sluice itself; `null` when its people have deleted it. */
async function demoActor(ctx: ServiceContext, options: DemoOptions): Promise<Actor | null> {
  const { email, password } = options;
  const find = () =>
    ctx.db.workspaceMember.findFirst({ where: { user: { email } }, orderBy: { workspaceId: 'asc' } });
  let member = await find();
  if (!member && !options.complete) {
    const person = { name: 'Demo', email, password, organisationName: 'Acme demo' };
    await signUp(ctx, person, { address: 'set-up' });
    member = await find();
  }
  return member && systemActor(member.workspaceId, 'set-up');
}

async function followDatabase(
  ctx: ServiceContext,
  actor: Actor,
  destination: { id: number; configuration: unknown },
  database: DemoDatabase,
): Promise<void> {
  const { host, port } = destination.configuration as { host?: string; port?: number };
  if (host !== database.host || port === database.port) return;
  await updateDestination(
    ctx,
    actor,
    { id: destination.id, configuration: { port: database.port, password: database.password } },
    { samePlace: true },
  );
}
