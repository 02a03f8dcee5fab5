import {
  CreateDbtProject,
  ListDbtNodes,
  ListDbtProjects,
  RefreshDbtProject,
  UpdateDbtProject,
} from '@sluice/domain/dbt-project';
import { createDbtProject } from '@sluice/services/dbt-project/create-dbt-project';
import { getDbtProject } from '@sluice/services/dbt-project/get-dbt-project';
import { listDbtNodes } from '@sluice/services/dbt-project/list-dbt-nodes';
import { listDbtProjects } from '@sluice/services/dbt-project/list-dbt-projects';
import { refreshDbtProject } from '@sluice/services/dbt-project/refresh-dbt-project';
import { removeDbtProject } from '@sluice/services/dbt-project/remove-dbt-project';
import { updateDbtProject } from '@sluice/services/dbt-project/update-dbt-project';
import { IdInput } from './id-input.ts';
import { router, workspaceProcedure } from './procedure.ts';
import { requestSignal } from './request-signal.ts';

const read = workspaceProcedure('model.read');
const write = workspaceProcedure('model.write');

/** dbt projects and their nodes. Manifests are files: they come by a request of their own (`http/upload-manifest.ts`). */
export const dbtProjectRouter = router({
  list: read
    .input(ListDbtProjects)
    .query(({ ctx, input }) => listDbtProjects(ctx.services, ctx.actor, input)),
  get: read.input(IdInput).query(({ ctx, input }) => getDbtProject(ctx.services, ctx.actor, input)),
  create: write
    .input(CreateDbtProject)
    .mutation(({ ctx, input }) => createDbtProject(ctx.services, ctx.actor, input)),
  update: write
    .input(UpdateDbtProject)
    .mutation(({ ctx, input }) => updateDbtProject(ctx.services, ctx.actor, input)),
  remove: write.input(IdInput).mutation(({ ctx, input }) => removeDbtProject(ctx.services, ctx.actor, input)),
  nodes: read.input(ListDbtNodes).query(({ ctx, input }) => listDbtNodes(ctx.services, ctx.actor, input)),
  refresh: write
    .input(RefreshDbtProject)
    .mutation(({ ctx, input, signal }) =>
      refreshDbtProject(ctx.services, ctx.actor, input, requestSignal(signal)),
    ),
});
