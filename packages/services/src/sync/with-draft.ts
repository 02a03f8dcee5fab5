import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actor } from '@sluice/domain/actor';
import { StoredQuery } from '@sluice/domain/query';
import type { DraftSync } from '@sluice/domain/sync';
import type { DraftSpecification, EnginePorts } from '@sluice/engine/run';
import { openDestination } from '../connection/open-destination.ts';
import { openSource } from '../connection/open-source.ts';
import type { ServiceContext } from '../context.ts';
import { resolveQuery } from '../dbt-project/resolve-query.ts';
import { modelNotFound } from '../model/get-model.ts';
import { createRequestPaces } from '../pace/create-request-paces.ts';
import { checkSync } from './check-sync.ts';
import { getSyncRow } from './get-sync.ts';

const duckdbThreads = 2;
const attemptsMax = 2;

/**
 * Opens everything that a draft of a sync needs, lets `work` use it, and closes it again. Counts as a preview of the
 * workspace; an aborted signal stops source and destination. Model, destination and saved sync are those of the
 * actor's workspace. With `checked`, the configuration must be one that could be saved. Throws `not_found`,
 * `rate_limited`, `input_invalid`.
 */
export async function withDraft<Result>(
  ctx: ServiceContext,
  actor: Actor,
  draft: DraftSync,
  options: { signal: AbortSignal; label: string; checked: boolean },
  work: (spec: DraftSpecification, ports: EnginePorts) => Promise<Result>,
): Promise<Result> {
  const { workspaceId } = actor;
  const model = await ctx.db.model.findFirst({ where: { workspaceId, id: draft.modelId } });
  if (!model) throw modelNotFound(draft.modelId);
  const saved = draft.id === undefined ? null : await getSyncRow(ctx, actor, draft.id);
  const spec: DraftSpecification = {
    sync: saved && { id: saved.id, slug: saved.slug },
    workspaceId,
    model: {
      id: model.id,
      name: model.name,
      query: await resolveQuery(
        ctx.db,
        { workspaceId, sourceId: model.sourceId },
        StoredQuery.parse(model.query),
      ),
      primaryKey: model.primaryKey,
    },
    configuration: draft.configuration,
    startedAt: new Date(),
    ledgerKey: saved?.ledgerKey ?? null,
  };
  return ctx.limits.run('preview', workspaceId, async () => {
    const { destinationId, configuration } = draft;
    if (options.checked) {
      await checkSync(ctx, { workspaceId, model, destinationId, configuration }, options.signal);
    }
    const workDirectory = join(ctx.settings.dataDirectory, 'work', `draft-${randomUUID()}`);
    await mkdir(workDirectory, { recursive: true });
    const opened: { close(): Promise<void> }[] = [];
    try {
      const source = await openSource(ctx, workspaceId, model.sourceId, options);
      opened.push(source);
      const destination = await openDestination(ctx, workspaceId, draft.destinationId, options);
      opened.push(destination);
      const paces = createRequestPaces(ctx);
      opened.push(paces);
      const result = await work(spec, {
        source,
        destination,
        blobs: ctx.blobs,
        limiter: paces.of({ id: draft.destinationId, workspaceId }),
        workDirectory,
        duckdb: { memoryLimitMb: ctx.settings.duckdbMemoryMb, threads: duckdbThreads },
        retry: { attemptsMax, baseMs: ctx.settings.retryBaseMs },
        signal: options.signal,
      });
      return ctx.secrets.redactDeep(result);
    } finally {
      await Promise.allSettled(opened.map((connection) => connection.close()));
      await rm(workDirectory, { recursive: true, force: true });
    }
  });
}
