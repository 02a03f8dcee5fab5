import type { ServiceContext } from '../context.ts';

const intervalMs = 60 * 60_000;
const firstMs = 60_000;

/** Asks for a sweep a minute after the start and every hour; one job an hour, whatever number of workers asks. */
export function startRetention(ctx: ServiceContext): { stop(): void } {
  const ask = () => {
    const hour = new Date().toISOString().slice(0, 13);
    void ctx.jobs.enqueue('retention.sweep', {}, { id: `sweep-${hour}` });
  };
  const first = setTimeout(ask, firstMs);
  const timer = setInterval(ask, intervalMs);
  return {
    stop() {
      clearTimeout(first);
      clearInterval(timer);
    },
  };
}
