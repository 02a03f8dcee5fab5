import type { SshKey } from './ssh/ssh-key.ts';

/** What a connector is given instead of reaching for it: the outside world, narrowed. */
export interface ConnectContext {
  /** Aborts when the person leaves, the run is cancelled or the lease is lost. */
  readonly signal: AbortSignal;
  readonly egress: Egress;
  /** `sluice run 42`: shown by databases as application name or query tag. */
  readonly label: string;
  /** Longest wait for a connection, a first row, or an answer. */
  readonly timeouts: {
    readonly connectMs: number;
    readonly requestMs: number;
    /** Longest silence of a source while it computes and sends a model's whole result; an hour by default. */
    readonly queryMs?: number;
  };
  /** Access that somebody granted by signing in at the vendor, for connectors with `oauth`. */
  readonly grant?: GrantedAccess;
  /** Keys that the workspace signs in with at SSH servers, the newest first; made when they are first asked for. */
  readonly sshKeys?: () => Promise<readonly SshKey[]>;
  /** Directory of built-in sample data, for the sample source. */
  readonly sampleDirectory: string;
  /** Directory whose files every workspace may read, if the operator has opened one. */
  readonly filesDirectory?: string | null;
}

/** Tokens of an OAuth grant, kept and renewed for all workers in one place. Both throw `destination_auth` once it is revoked. */
export interface GrantedAccess {
  /** An access token that is valid for a while yet. */
  token(): Promise<string>;
  /** Makes sure that the next token is another one than `refused`, which the vendor did not take. */
  renew(refused: string): Promise<void>;
}

/**
 * The only way out to addresses that users name. `EGRESS_ALLOW` entries (exact `host:port`) pass although private.
 * Every refusal is a SluiceError `egress_refused`.
 */
export interface Egress {
  /** Resolves and checks a host; answers the address to dial. The answer must be dialled as it is. */
  resolve(host: string, port: number): Promise<{ address: string; family: 4 | 6 }>;
  /** Sends an HTTP request through the guard; redirects are not followed; the body is cut at `bodyBytesMax`. */
  request(request: EgressRequest): Promise<EgressResponse>;
}

export interface EgressRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
  readonly signal: AbortSignal;
  /** Called when the connection stands and nothing of the request has left. What it throws, `request` throws. */
  readonly beforeSend?: () => void;
}

export interface EgressResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** The body was longer than allowed or ended early: nothing may be concluded from it. */
  readonly incomplete: boolean;
}
