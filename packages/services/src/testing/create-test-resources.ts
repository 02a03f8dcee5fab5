import { randomUUID } from 'node:crypto';
import type { ServiceContext } from '../context.ts';
import { secretHash } from '../session/random-secret.ts';

/** One of everything in a workspace, written straight into the database; names hold `mark`. */
export interface TestResources {
  readonly sourceId: number;
  readonly modelId: number;
  readonly destinationId: number;
  readonly syncId: number;
  readonly syncSlug: string;
  readonly runId: number;
  readonly sequenceId: string;
  /** Has ended, with `runId` as its only step. */
  readonly sequenceRunId: string;
  readonly tokenId: number;
  readonly tokenSecret: string;
  readonly invitationId: number;
  readonly webhookId: number;
  readonly deliveryId: number;
  readonly dryRunId: string;
  readonly grantId: number;
  readonly dbtProjectId: number;
}

/** Makes them. The connections are of real types, with addresses where nothing answers. */
export async function createTestResources(
  ctx: ServiceContext,
  workspaceId: number,
  mark: string,
): Promise<TestResources> {
  const address = { host: 'db.invalid', port: 5432, database: mark, user: mark, sslMode: 'disable' };
  const source = await ctx.db.source.create({
    data: { workspaceId, name: mark, slug: `${mark}-source`, type: 'postgresql', configuration: address },
  });
  const destination = await ctx.db.destination.create({
    data: {
      workspaceId,
      name: mark,
      slug: `${mark}-destination`,
      type: 'postgresql',
      configuration: address,
    },
  });
  const model = await ctx.db.model.create({
    data: {
      workspaceId,
      sourceId: source.id,
      name: mark,
      slug: `${mark}-model`,
      query: { queryType: 'raw_sql', sql: `select '${mark}' as id` },
      primaryKey: 'id',
      columns: [{ name: 'id', type: 'string', nativeType: 'text' }],
    },
  });
  const sync = await ctx.db.sync.create({
    data: {
      workspaceId,
      modelId: model.id,
      destinationId: destination.id,
      slug: `${mark}-sync`,
      configuration: {
        object: `public.${mark}`,
        mode: 'upsert',
        matchKey: { from: 'id', to: 'id' },
        mappings: [],
        deleteBehaviour: 'nothing',
        triggers: [],
        options: {},
        guards: { removedShareMax: 0.3, changedRowsMax: null },
      },
      referencedColumns: ['id'],
    },
  });
  const run = await ctx.db.run.create({
    data: {
      workspaceId,
      syncId: sync.id,
      status: 'success',
      trigger: 'manual',
      triggeredBy: mark,
      finishedAt: new Date(),
    },
  });
  const sequence = await ctx.db.sequence.create({
    data: { workspaceId, name: mark, slug: `${mark}-sequence` },
  });
  await ctx.db.sequenceStep.create({
    data: { workspaceId, sequenceId: sequence.id, position: 0, syncId: sync.id, policy: 'stop_on_fatal' },
  });
  const sequenceRun = await ctx.db.sequenceRun.create({
    data: {
      workspaceId,
      sequenceId: sequence.id,
      status: 'done',
      trigger: 'manual',
      triggeredBy: mark,
      startedAt: new Date(),
      finishedAt: new Date(),
    },
  });
  await ctx.db.sequenceRunStep.create({
    data: {
      workspaceId,
      sequenceRunId: sequenceRun.id,
      position: 0,
      syncId: sync.id,
      syncSlug: sync.slug,
      policy: 'stop_on_fatal',
      runId: run.id,
    },
  });
  const tokenSecret = `slc_${mark}_${workspaceId}`.padEnd(40, 'x');
  const token = await ctx.db.apiToken.create({
    data: {
      workspaceId,
      name: mark,
      scope: 'admin',
      tokenHash: secretHash(tokenSecret),
      lastFour: tokenSecret.slice(-4),
      createdBy: mark,
    },
  });
  const invitation = await ctx.db.invitation.create({
    data: {
      workspaceId,
      role: 'viewer',
      tokenHash: secretHash(`invitation ${mark}`),
      createdBy: mark,
      expiresAt: new Date(Date.now() + 86_400_000),
    },
  });
  const webhook = await ctx.db.webhookEndpoint.create({
    data: {
      workspaceId,
      name: mark,
      url: `https://hooks.invalid/${mark}`,
      events: ['run.failed'],
      secret: 'sealed',
      createdBy: mark,
    },
  });
  const snapshot = { at: new Date().toISOString(), workspaceSlug: mark, sync: null, run: null };
  const delivery = await ctx.db.webhookDelivery.create({
    data: { workspaceId, endpointId: webhook.id, event: 'run.failed', snapshot, state: 'failed' },
  });
  const dryRun = await ctx.db.dryRun.create({
    data: { id: randomUUID(), workspaceId, syncId: sync.id, specification: {}, plan: {} },
  });
  const grant = await ctx.db.oAuthGrant.create({
    data: { workspaceId, connector: 'hubspot', status: 'active', createdById: 1, createdBy: mark },
  });
  const dbtProject = await ctx.db.dbtProject.create({
    data: { workspaceId, sourceId: source.id, name: mark, slug: `${mark}-dbt` },
  });
  return {
    sourceId: source.id,
    modelId: model.id,
    destinationId: destination.id,
    syncId: sync.id,
    syncSlug: sync.slug,
    runId: run.id,
    sequenceId: sequence.id,
    sequenceRunId: sequenceRun.id,
    tokenId: token.id,
    tokenSecret,
    invitationId: invitation.id,
    webhookId: webhook.id,
    deliveryId: Number(delivery.id),
    dryRunId: dryRun.id,
    grantId: grant.id,
    dbtProjectId: dbtProject.id,
  };
}
