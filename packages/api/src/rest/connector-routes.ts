import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ConnectorView } from '@sluice/domain/connector';
import { configurationSchema } from '@sluice/domain/field-schema';
import { listDestinationConnectors, listSourceConnectors } from '@sluice/services/connector/list-connectors';
import { errors, guard, json } from './guard.ts';
import { pageOf } from './list.ts';
import type { RestEnv } from './rest-env.ts';

const kinds = ['source', 'destination'] as const;

const ConnectorJson = z
  .object({
    kind: z.enum(kinds),
    type: z.string().describe('The `type` of a source or destination.'),
    name: z.string(),
    category: z.string(),
    description: z.string(),
    docsUrl: z.string(),
    configuration: z
      .record(z.string(), z.unknown())
      .describe('JSON Schema (2020-12) of the `configuration` of such a source or destination.'),
  })
  .openapi('Connector');

const list = createRoute({
  ...guard('catalog.read'),
  tags: ['Connectors'],
  method: 'get',
  path: '/connectors',
  summary: 'List what can be connected, with the JSON Schema of each configuration',
  request: { query: z.object({ kind: z.enum(kinds).optional() }) },
  responses: { ...json(pageOf(ConnectorJson), 'Every connector'), ...errors },
});

/** The catalogue. */
export function addConnectorRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(list, ({ env, req, json: answer }) => {
    const { kind } = req.valid('query');
    const data = [
      ...listSourceConnectors(env.services, env.actor).map((view) => connectorJson('source', view)),
      ...listDestinationConnectors(env.services, env.actor).map((view) => connectorJson('destination', view)),
    ].filter((connector) => kind === undefined || connector.kind === kind);
    return answer({ data, hasMore: false }, 200);
  });
}

function connectorJson(kind: (typeof kinds)[number], view: ConnectorView): z.infer<typeof ConnectorJson> {
  const { slug: type, name, category, description, docsUrl, fields } = view;
  return { kind, type, name, category, description, docsUrl, configuration: configurationSchema(fields) };
}
