import { serveMetrics } from '@sluice/api/serve-metrics';
import { services } from '#server/services.ts';

export const dynamic = 'force-dynamic';

/** For Prometheus, with the operator's token. */
export function GET(request: Request): Promise<Response> {
  return serveMetrics(services(), request);
}
