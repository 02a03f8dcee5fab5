import type { ConnectContext } from '../../kit/context.ts';

/** Longest silence of the server while it computes and sends a model's whole result, in milliseconds. */
export const queryLimitMs = (context: ConnectContext): number => context.timeouts.queryMs ?? 60 * 60 * 1000;
