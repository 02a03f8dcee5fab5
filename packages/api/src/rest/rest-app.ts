import { OpenAPIHono } from '@hono/zod-openapi';
import { SluiceError, toSluiceError } from '@sluice/domain/error';
import { HTTPException } from 'hono/http-exception';
import { inputError } from '../input-error.ts';
import { addDestinationRoutes } from './destination-routes.ts';
import { errorResponse } from './error-response.ts';
import { addModelRoutes } from './model-routes.ts';
import type { RestEnv } from './rest-env.ts';
import { addRunRoutes } from './run-routes.ts';
import { addSourceRoutes } from './source-routes.ts';
import { addSyncRoutes } from './sync-routes.ts';
import { addTriggerRoutes } from './trigger-routes.ts';

const basePath = '/api/v1';
export const openapiPath = `${basePath}/openapi.json`;

/** The routes of `/api/v1`. Called through `handleRest`, which knows the caller and has put the request in order. */
export const restApp = build();

function build(): OpenAPIHono<RestEnv> {
  const app = new OpenAPIHono<RestEnv>({
    defaultHook: (result) => {
      if (!result.success) throw inputError(result.error);
    },
  }).basePath(basePath);
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  addSourceRoutes(app);
  addModelRoutes(app);
  addDestinationRoutes(app);
  addTriggerRoutes(app);
  addSyncRoutes(app);
  addRunRoutes(app);
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Sluice API',
      version: '1',
      description:
        'Read and change sources, models, destinations and syncs, trigger runs and follow them. Send a token of the workspace as "Authorization: Bearer slc_…".',
    },
  });
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

/** A body that is no JSON is the caller's mistake; everything else unknown is ours. */
function asSluiceError(thrown: Error): SluiceError {
  if (!(thrown instanceof HTTPException) || thrown.status >= 500) return toSluiceError(thrown);
  return new SluiceError('input_invalid', 'The body is not valid JSON.', {
    fields: { body: 'Send JSON, or nothing.' },
    cause: thrown,
  });
}
