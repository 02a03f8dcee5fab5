import { OpenAPIHono } from '@hono/zod-openapi';
import { SluiceError, toSluiceError } from '@sluice/domain/error';
import { HTTPException } from 'hono/http-exception';
import { routePath } from 'hono/route';
import { inputError } from '../input-error.ts';
import { addConnectorRoutes } from './connector-routes.ts';
import { addDbtFileRoutes } from './dbt-file-routes.ts';
import { addDbtRoutes } from './dbt-routes.ts';
import { addDeliveredRoutes } from './delivered-routes.ts';
import { addDestinationRoutes } from './destination-routes.ts';
import { addDryRunRoutes } from './dry-run-routes.ts';
import { errorResponse } from './error-response.ts';
import { addEventRoutes } from './event-routes.ts';
import { addFirstRoutes, addLegacyRoutes } from './legacy-routes.ts';
import { addModelRoutes } from './model-routes.ts';
import { addRepairRoutes } from './repair-routes.ts';
import type { RestEnv } from './rest-env.ts';
import { addRowRoutes } from './row-routes.ts';
import { addRunRoutes } from './run-routes.ts';
import { addSequenceRoutes } from './sequence-routes.ts';
import { addSequenceRunRoutes } from './sequence-run-routes.ts';
import { addSourceRoutes } from './source-routes.ts';
import { addSshKeyRoutes } from './ssh-key-routes.ts';
import { addSyncHealthRoutes } from './sync-health-routes.ts';
import { addSyncRoutes } from './sync-routes.ts';
import { addTriggerRoutes } from './trigger-routes.ts';
import { addWebhookDeliveryRoutes } from './webhook-delivery-routes.ts';
import { addWebhookRoutes } from './webhook-routes.ts';
import { addWorkspaceRunRoutes } from './workspace-run-routes.ts';

export const openapiPath = '/api/v1/openapi.json';

/**
 * The routes of `/api/v1`, and those of `/api/v2` that old clients still call. Called through `handleRest`, which knows
 * the caller and has put the request in order.
 */
export const restApp = build();

function build(): OpenAPIHono<RestEnv> {
  const app = newApp();
  app.use(async (c, next) => {
    await next();
    c.env.matched.route = routePath(c, -1);
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  const current = newApp();
  addSourceRoutes(current);
  addModelRoutes(current);
  addDbtRoutes(current);
  addDbtFileRoutes(current);
  addDestinationRoutes(current);
  addTriggerRoutes(current);
  addSyncRoutes(current);
  addSyncHealthRoutes(current);
  addSequenceRunRoutes(current);
  addSequenceRoutes(current);
  addDryRunRoutes(current);
  addRunRoutes(current);
  addRepairRoutes(current);
  addDeliveredRoutes(current);
  addWorkspaceRunRoutes(current);
  addRowRoutes(current);
  addEventRoutes(current);
  addWebhookDeliveryRoutes(current);
  addWebhookRoutes(current);
  addSshKeyRoutes(current);
  addConnectorRoutes(current);
  addFirstRoutes(current);
  const legacy = newApp();
  addLegacyRoutes(legacy);
  app.route('/api/v1', current);
  app.route('/api/v2', legacy);
  app.notFound(() => {
    throw new SluiceError('not_found', 'There is no such address in this API.', {
      fix: `The addresses are listed in ${openapiPath}.`,
    });
  });
  app.onError((thrown, { env }) => {
    const error = asSluiceError(thrown);
    if (error.fault === 'ours') {
      env.services.log.error(
        { requestId: env.requestId, err: error.cause ?? error },
        'request to the API failed',
      );
    }
    return errorResponse(error, env.requestId);
  });
  return app;
}

function newApp(): OpenAPIHono<RestEnv> {
  return new OpenAPIHono<RestEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      if (result.target === 'param') throw nothingThere();
      throw inputError(result.error);
    },
  });
}

/** An id that no resource can have. */
const nothingThere = () =>
  new SluiceError('not_found', 'Nothing with this id exists in this workspace.', {
    fix: 'Write the id as lists and screens show it.',
  });

/** A body that is no JSON is the caller's mistake; everything else unknown is ours. */
function asSluiceError(thrown: Error): SluiceError {
  if (!(thrown instanceof HTTPException) || thrown.status >= 500) return toSluiceError(thrown);
  return new SluiceError('input_invalid', 'The body is not valid JSON.', {
    fields: { body: 'Send JSON, or nothing.' },
    cause: thrown,
  });
}
