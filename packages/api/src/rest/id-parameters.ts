import { z } from '@hono/zod-openapi';
import { looseId } from './loose.ts';

const parameter = (name: string) => looseId.openapi({ param: { name, in: 'path' } });

/** `/{id}` */
export const IdParameters = z.object({ id: parameter('id') });

/** `/{id}/runs/{runId}` */
export const RunParameters = z.object({ id: parameter('id'), runId: parameter('runId') });
