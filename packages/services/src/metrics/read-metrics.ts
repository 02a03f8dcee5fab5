import { activeStatuses, finalStatuses } from '@sluice/domain/run-status';
import type { ServiceContext } from '../context.ts';
import { type Metric, metricsText } from './metrics-text.ts';
import { durationBounds } from './request-counter.ts';

const openStatuses = ['queued', ...activeStatuses] as const;

/**
 * The state of the installation in Prometheus's text format. Runs, rows and webhooks come from Postgres and read the
 * same on every process; requests are those of this process. Nothing names a workspace, a person or a row.
 */
export async function readMetrics(ctx: Pick<ServiceContext, 'db' | 'requests'>): Promise<string> {
  const [open, totals, webhooks] = await Promise.all([
    readOpen(ctx),
    ctx.db.runTotal.findMany(),
    readWebhooks(ctx),
  ]);
  const { counts, durations } = ctx.requests.read();
  const totalOf = (name: string) => totals.find(({ status }) => status === name);
  const sum = (field: 'delivered' | 'rejected') =>
    Number(totals.reduce((all, total) => all + total[field], 0n));
  const metrics: Metric[] = [
    {
      name: 'sluice_runs',
      type: 'gauge',
      help: 'Runs that wait or go on, by status.',
      samples: openStatuses.map((status) => ({
        labels: { status },
        value: open.find((row) => row.status === status)?.count ?? 0,
      })),
    },
    {
      name: 'sluice_queue_oldest_seconds',
      type: 'gauge',
      help: 'How long the oldest queued run has waited.',
      samples: [{ value: open.find(({ status }) => status === 'queued')?.oldest ?? 0 }],
    },
    {
      name: 'sluice_runs_ended_total',
      type: 'counter',
      help: 'Runs that ended, by status.',
      samples: finalStatuses.map((status) => ({
        labels: { status },
        value: Number(totalOf(status)?.runs ?? 0n),
      })),
    },
    {
      name: 'sluice_rows_delivered_total',
      type: 'counter',
      help: 'Rows that destinations took, counted when their run ends.',
      samples: [{ value: sum('delivered') }],
    },
    {
      name: 'sluice_rows_rejected_total',
      type: 'counter',
      help: 'Rows that were rejected, counted when their run ends.',
      samples: [{ value: sum('rejected') }],
    },
    {
      name: 'sluice_webhook_deliveries_pending',
      type: 'gauge',
      help: 'Deliveries to webhooks that wait to be sent or sent again.',
      samples: [{ value: webhooks.pending }],
    },
    {
      name: 'sluice_webhook_oldest_pending_seconds',
      type: 'gauge',
      help: 'How long the oldest waiting delivery has waited.',
      samples: [{ value: webhooks.oldest }],
    },
    {
      name: 'sluice_http_requests_total',
      type: 'counter',
      help: 'Requests that this process answered, by API, route, method and status.',
      samples: counts.map(({ count, status, ...labels }) => ({
        labels: { ...labels, status: String(status) },
        value: count,
      })),
    },
    {
      name: 'sluice_http_request_duration_seconds',
      type: 'histogram',
      help: 'How long this process took to answer.',
      samples: durations.flatMap(({ api, buckets, count, sum: total }) => [
        ...buckets.map((value, index) => ({
          suffix: '_bucket',
          labels: { api, le: String(durationBounds[index]) },
          value,
        })),
        { suffix: '_bucket', labels: { api, le: '+Inf' }, value: count },
        { suffix: '_sum', labels: { api }, value: total },
        { suffix: '_count', labels: { api }, value: count },
      ]),
    },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      help: 'Memory of this process.',
      samples: [{ value: process.memoryUsage.rss() }],
    },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'When this process started, in seconds since 1970.',
      samples: [{ value: Math.round(Date.now() / 1000 - process.uptime()) }],
    },
  ];
  return metricsText(metrics);
}

const readOpen = (ctx: Pick<ServiceContext, 'db'>) =>
  ctx.db.$queryRaw<{ status: string; count: number; oldest: number }[]>`
    select status, count(*)::int as count, extract(epoch from now() - min(created_at))::float8 as oldest
    from runs where status = 'queued' group by status
    union all
    select status, count(*)::int, extract(epoch from now() - min(created_at))::float8
    from runs where status in ('querying', 'processing', 'reporting') group by status`;

async function readWebhooks(ctx: Pick<ServiceContext, 'db'>): Promise<{ pending: number; oldest: number }> {
  const [row] = await ctx.db.$queryRaw<{ pending: number; oldest: number }[]>`
    select count(*)::int as pending,
      coalesce(extract(epoch from now() - min(delivery.created_at)), 0)::float8 as oldest
    from webhook_deliveries delivery join webhook_endpoints endpoint on endpoint.id = delivery.endpoint_id
    where delivery.state = 'pending' and not endpoint.disabled`;
  return row ?? { pending: 0, oldest: 0 };
}
