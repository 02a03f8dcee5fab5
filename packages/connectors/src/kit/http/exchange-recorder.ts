import { STATUS_CODES } from 'node:http';
import type { Exchange, RequestView } from '@sluice/domain/sync';
import type { EgressResponse } from '../context.ts';
import { createRedactor, mask, type Redactor } from '../redact.ts';

/** Longest body that is kept of a request or an answer, in characters. */
const bodyMax = 65_536;
/** Longer than any secret: what is cut off before masking can hold no half of one. */
const margin = 8_192;

/** A request as it is sent. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Turns requests and answers into what people may see: cut, and without secrets. */
export interface ExchangeRecorder {
  view(request: SentRequest): RequestView;
  /** `outcome` is the answer, or the words of the failure. */
  record(
    request: SentRequest,
    outcome: EgressResponse | string,
    startedAt: Date,
    durationMs: number,
  ): Exchange;
  /** Takes the secrets out of a text of the destination, which may echo them. */
  redact(text: string): string;
}

export interface RecorderSettings {
  /** Values that are masked wherever they turn up; asked again each time, because tokens are renewed. */
  readonly secrets: () => readonly string[];
  /** Headers that are masked whole, in lower case. */
  readonly secretHeaders?: ReadonlySet<string>;
  /** Masks SHA-256 values too: hashes of addresses and numbers can be looked up. */
  readonly maskHashes?: boolean;
}

/** A recorder that knows secrets by value and headers by name. */
export function createExchangeRecorder(settings: RecorderSettings): ExchangeRecorder {
  const { secretHeaders = new Set<string>(), maskHashes = false } = settings;
  let known: { readonly of: string; readonly redactor: Redactor } | null = null;
  const redact = (text: string): string => {
    const secrets = settings.secrets();
    const of = secrets.join('\n');
    if (known?.of !== of) known = { of, redactor: createRedactor(secrets) };
    const masked = known.redactor.text(text);
    return maskHashes ? masked.replace(sha256, mask) : masked;
  };
  const headersOf = (headers: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        secretHeaders.has(name.toLowerCase()) ? mask : redact(value),
      ]),
    );
  const bodyOf = (text: string): string => {
    const masked = redact(text.slice(0, bodyMax + margin));
    if (text.length <= bodyMax && masked.length <= bodyMax) return masked;
    return `${masked.slice(0, bodyMax)}… (cut; ${text.length} characters in all)`;
  };
  const view = (request: SentRequest): RequestView => ({
    summary: redact(`${request.method} ${request.url}`),
    headers: headersOf(request.headers),
    body: request.body === null ? null : bodyOf(request.body),
  });
  return {
    view,
    redact,
    record: (request, outcome, startedAt, durationMs) => ({
      request: view(request),
      response:
        typeof outcome === 'string'
          ? null
          : {
              summary: `${outcome.status} ${STATUS_CODES[outcome.status] ?? ''}`.trim(),
              headers: headersOf(outcome.headers),
              body: bodyOf(outcome.body),
            },
      error: typeof outcome === 'string' ? redact(outcome) : incompleteText(outcome),
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(durationMs),
    }),
  };
}

const sha256 = /\b[0-9a-f]{64}\b/gi;

const incompleteText = (answer: EgressResponse): string | null =>
  answer.incomplete ? 'The answer broke off, or is longer than Sluice reads (5 MB).' : null;
