import type { Actor } from '@sluice/domain/actor';
import { SyncConfiguration } from '@sluice/domain/sync';
import type { ServiceContext } from '../context.ts';
import { createDestination } from '../destination/create-destination.ts';
import { createModel } from '../model/create-model.ts';
import { createSource } from '../source/create-source.ts';
import { createSync } from '../sync/create-sync.ts';
import { createTestMember } from './create-test-member.ts';

interface CustomerOptions {
  /** Slug of its workspace. */
  readonly name: string;
  /** How many syncs it has, all of them of this model. */
  readonly syncs: number;
  readonly sql: string;
  /** Its PostgreSQL server. */
  readonly source: Record<string, unknown>;
  /** Its API, which gets a request for each row, below a path of its own. */
  readonly apiUrl: string;
}

/** A workspace of its own with many small syncs to an API. Answers who works there. */
export async function createCustomer(ctx: ServiceContext, options: CustomerOptions): Promise<Actor> {
  const { actor } = await createTestMember(ctx, options.name, 'admin');
  const signal = () => ({ signal: AbortSignal.timeout(30_000) });
  const source = await createSource(ctx, actor, {
    name: 'Warehouse',
    type: 'postgresql',
    configuration: options.source,
  });
  const destination = await createDestination(ctx, actor, {
    name: 'API',
    type: 'http-request',
    configuration: { baseUrl: options.apiUrl, headers: [] },
  });
  const query = { queryType: 'raw_sql' as const, sql: options.sql };
  const model = await createModel(
    ctx,
    actor,
    {
      ...{ name: 'People', description: '', sourceId: source.id, query, primaryKey: 'id', tags: {} },
      skipColumnQuery: false,
    },
    signal(),
  );
  const input = {
    ...{ modelId: model.id, destinationId: destination.id, schedule: null, disabled: false, tags: {} },
    configuration: SyncConfiguration.parse({
      object: 'request',
      mode: 'trigger',
      triggers: ['added'],
      options: { added: { method: 'POST', url: `/${options.name}/{{ row.id }}` } },
    }),
  };
  const sync = await createSync(ctx, actor, input, signal());
  await ctx.db.$executeRaw`
    insert into syncs (workspace_id, model_id, destination_id, slug, configuration, referenced_columns, updated_at)
    select workspace_id, model_id, destination_id, slug || '-' || n, configuration, referenced_columns, now()
    from syncs, generate_series(2, ${options.syncs}::int) n where id = ${sync.id}`;
  return actor;
}
