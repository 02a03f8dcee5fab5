import { type ErrorCode, errorCodes } from './error-code.ts';
import type { Fault } from './error-definition.ts';

export interface ErrorOptions {
  /** Field path → message, for `input_invalid`. */
  readonly fields?: Record<string, string>;
  /** Overrides the default advice with something more exact. */
  readonly fix?: string;
  /** Facts a screen may show (never secrets, never row values). */
  readonly details?: Record<string, unknown>;
  /** The original failure; only logged, never shown. */
  readonly cause?: unknown;
  /** Milliseconds to wait before trying again. */
  readonly retryAfterMs?: number;
}

/** An error with a stable code and a message that a person can act on. */
export class SluiceError extends Error {
  readonly code: ErrorCode;
  readonly fields: Record<string, string> | undefined;
  readonly fix: string;
  readonly details: Record<string, unknown> | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'SluiceError';
    this.code = code;
    this.fields = options.fields;
    this.fix = options.fix ?? errorCodes[code].fix;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }

  get fault(): Fault {
    return errorCodes[this.code].fault;
  }

  get retry(): boolean {
    return errorCodes[this.code].retry;
  }
}

/** The form of an error that screens, the API and stored runs show. */
export interface ErrorView {
  code: ErrorCode;
  message: string;
  fix: string;
  fault: Fault;
  fields?: Record<string, string>;
  details?: Record<string, unknown>;
}

/** Any thrown value as a SluiceError; unknown ones become `internal` with a message that reveals nothing. */
export function toSluiceError(thrown: unknown): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  return new SluiceError('internal', 'Something went wrong on our side.', { cause: thrown });
}

/** What may be shown of an error. */
export function errorView(error: SluiceError): ErrorView {
  return {
    code: error.code,
    message: error.message,
    fix: error.fix,
    fault: error.fault,
    ...(error.fields && { fields: error.fields }),
    ...(error.details && { details: error.details }),
  };
}
