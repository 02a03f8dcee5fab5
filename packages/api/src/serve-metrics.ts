import { createHash, timingSafeEqual } from 'node:crypto';
import type { ServiceContext } from '@sluice/services/context';
import { readMetrics } from '@sluice/services/metrics/read-metrics';

/**
 * Answers `GET /api/metrics` for the operator: 404 while no token is set, 401 without the right one, 503 while the
 * database does not answer. Never throws.
 */
export async function serveMetrics(services: ServiceContext, request: Request): Promise<Response> {
  const { metricsToken } = services.settings;
  if (metricsToken === null) return plain(404, 'There are no metrics here. Set METRICS_TOKEN to serve them.');
  const [, given = ''] = /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  if (!timingSafeEqual(digest(given), digest(metricsToken))) {
    return plain(
      401,
      'Send the header "Authorization: Bearer …" with the METRICS_TOKEN of this installation.',
      {
        'www-authenticate': 'Bearer',
      },
    );
  }
  try {
    return new Response(await readMetrics(services), {
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
    });
  } catch (thrown) {
    services.log.error({ err: thrown }, 'metrics could not be read');
    return plain(503, 'The database does not answer, so the metrics could not be read. Try again.');
  }
}

const plain = (status: number, text: string, headers: Record<string, string> = {}) =>
  new Response(`${text}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
  });

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
