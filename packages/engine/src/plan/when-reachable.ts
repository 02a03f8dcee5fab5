import type { SluiceError } from '@sluice/domain/error';
import { keepTrying } from '../keep-trying.ts';
import type { EnginePorts } from '../run.ts';
import type { PlanProgress } from './make-plan.ts';

/**
 * Asks a source, again when no connection to it could be made. A result that broke off is not read anew: it may have
 * cost the source an hour.
 */
export const whenReachable = <T>(
  ask: () => Promise<T>,
  ports: Pick<EnginePorts, 'retry' | 'signal'>,
  on: Pick<PlanProgress, 'unreachable'>,
): Promise<T> =>
  keepTrying(ask, isUnreachable, { ...ports, onRetry: ({ error }) => on.unreachable?.(error) });

const isUnreachable = ({ code }: SluiceError): boolean => code === 'source_unreachable';
