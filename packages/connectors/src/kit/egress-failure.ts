/** Where a permitted connection or request broke. */
export type EgressStage = 'dns' | 'connect' | 'tls' | 'send' | 'timeout' | 'aborted';

/**
 * A request or connection that was permitted but did not succeed. Inside connectors only: each of them turns it into
 * its own SluiceError or record result.
 */
export class EgressFailure extends Error {
  readonly stage: EgressStage;
  /** Whether any byte of the request can have reached the other side. False means: certainly not applied. */
  readonly sent: boolean;
  /** The system's error code: `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
  readonly code: string;

  constructor(stage: EgressStage, sent: boolean, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'EgressFailure';
    this.stage = stage;
    this.sent = sent;
    this.code = errorCode(cause) ?? '';
  }
}

/** The `code` property of a thrown value, if it has one. */
export function errorCode(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' ? thrown.code : null;
}
