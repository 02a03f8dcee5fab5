import { checkHealth } from '@sluice/api/check-health';
import { services } from '#server/services.ts';

export const dynamic = 'force-dynamic';

/** For load balancers and the supervisor: 200 when the console can answer, 503 with what is missing otherwise. */
export async function GET(): Promise<Response> {
  const health = await checkHealth(services());
  return Response.json(health, {
    status: health.status === 'ok' ? 200 : 503,
    headers: { 'cache-control': 'no-store' },
  });
}
