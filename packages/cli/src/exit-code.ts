import { SluiceError } from '@sluice/domain/error';
import type { ErrorCode } from '@sluice/domain/error-code';
import type { RunStatus } from '@sluice/domain/run-status';

/** What the process ends with; scripts rely on these numbers, `docs/cli.md` lists them. */
export const exitCodes = {
  success: 0,
  other: 1,
  /** The command line, a setting or a file is wrong; nothing was sent. */
  usage: 2,
  /** The run finished, with rejected rows. */
  warning: 3,
  failed: 4,
  cancelled: 5,
  /** The time to wait is over; the run goes on. */
  timeout: 6,
  /** `plan --check` found something to do. */
  changes: 7,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What a finished run means for a script. */
export function exitCodeOfRun(status: RunStatus): ExitCode {
  const codes: Partial<Record<RunStatus, ExitCode>> = {
    success: exitCodes.success,
    warning: exitCodes.warning,
    failed: exitCodes.failed,
    interrupted: exitCodes.failed,
    cancelled: exitCodes.cancelled,
  };
  return codes[status] ?? exitCodes.other;
}

/** What a failure means for a script. Errors that the server answered are `other`, also where it names a field. */
export function exitCodeOfError(thrown: unknown): ExitCode {
  if (!(thrown instanceof SluiceError) || thrown.details?.requestId !== undefined) return exitCodes.other;
  return usageErrors.includes(thrown.code) ? exitCodes.usage : exitCodes.other;
}

const usageErrors: readonly ErrorCode[] = ['input_invalid', 'settings_invalid', 'confirmation_required'];
