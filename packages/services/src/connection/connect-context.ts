import type { ConnectContext } from '@sluice/connectors/kit/context';
import type { ServiceContext } from '../context.ts';

/** One use of a connection: when it must stop, and what the other side is told about who asks. */
export interface ConnectOptions {
  readonly signal: AbortSignal;
  /** `sluice run 42`. */
  readonly label: string;
}

/** The outside world as a connector may see it. */
export function connectContext(ctx: ServiceContext, options: ConnectOptions): ConnectContext {
  const { connectMs, requestMs, sampleDirectory } = ctx.settings;
  return { ...options, egress: ctx.egress, timeouts: { connectMs, requestMs }, sampleDirectory };
}
