import type { CheckResult } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import { type CheckFinding, type CheckNames, runChecks } from '../checks.ts';
import type { ConnectContext } from '../context.ts';
import { EgressFailure } from '../egress-failure.ts';

/** The checks that every API destination begins with; its own follow. */
export const apiCheckNames = [
  { name: 'address', label: 'Find the API' },
  { name: 'credentials', label: 'Sign in' },
] as const;

/**
 * Runs the checks of an API destination: the address can be found and dialled, the credentials are taken, and what the
 * destination adds (`steps`, by the name of the check).
 */
export function checkApi(
  names: CheckNames,
  context: ConnectContext,
  parts: {
    readonly baseUrl: () => URL;
    readonly credentials: () => Promise<CheckFinding>;
    readonly steps?: Readonly<Record<string, () => Promise<CheckFinding>>>;
  },
): AsyncIterable<CheckResult> {
  return runChecks(
    names,
    {
      async address() {
        const { host, hostname, port, protocol } = parts.baseUrl();
        await context.egress
          .resolve(hostname, Number(port || (protocol === 'https:' ? 443 : 80)))
          .catch(explain);
        return { status: 'passed', message: `${host} is known and allowed.` };
      },
      credentials: parts.credentials,
      ...parts.steps,
    },
    context.signal,
  );
}

function explain(thrown: unknown): never {
  if (!(thrown instanceof EgressFailure)) throw thrown;
  throw new SluiceError('destination_unreachable', thrown.message, { cause: thrown });
}
