import { STATUS_CODES } from 'node:http';
import type { Exchange, RequestView } from '@sluice/domain/sync';
import type { EgressResponse } from '../context.ts';
import { createRedactor, mask, type Redactor } from '../redact.ts';

/** Longest body that is kept of a request or an answer, in characters. */
const bodyMax = 65_536;
/** Longer than any secret: what is cut off before masking can hold no half of one. */
const margin = 8_192;
/** The same of bytes that were taken as a whole: thousands of such requests are all alike. */
const usualBytesMax = 8_192;
/** What a character of JavaScript's takes in UTF-8 at most; those beyond U+FFFF are two. */
const bytesOfCharacter = 3;

/** A request as it is sent. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
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
    /** All rows were taken: there is nothing to look for in it. */
    usual?: boolean,
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
  /** The beginning of a text; where it is cut, what the cut went through is left out with the margin. */
  const beginningOf = (text: string, max: number, size: string, more: boolean): string => {
    const cut = more || text.length > max + margin;
    const masked = redact(text.slice(0, max + margin));
    if (!cut && masked.length <= max) return masked;
    // Masks are short: then the margin begins before `max`.
    const end = Math.max(0, Math.min(max, cut ? masked.length - margin : max));
    return `${masked.slice(0, end).replace(halfPair, '')}… (cut; ${size} in all)`;
  };
  const bodyOf = (text: string): string => beginningOf(text, bodyMax, `${text.length} characters`, false);
  const bytesOf = (bytes: Uint8Array, max: number): string => {
    const enough = (max + margin) * bytesOfCharacter;
    const text = new TextDecoder().decode(bytes.subarray(0, enough));
    return beginningOf(text, max, `${bytes.length} bytes`, bytes.length > enough);
  };
  const view = ({ method, url, headers, body }: SentRequest, usual = false): RequestView => ({
    summary: redact(`${method} ${url}`),
    headers: headersOf(headers),
    body:
      body instanceof Uint8Array
        ? bytesOf(body, usual ? usualBytesMax : bodyMax)
        : body === null
          ? null
          : bodyOf(body),
  });
  return {
    view: (request) => view(request),
    redact,
    record: (request, outcome, startedAt, durationMs, usual) => ({
      request: view(request, usual),
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

/** The first half of a character beyond U+FFFF at the end of a text. */
const halfPair = /[\ud800-\udbff]$/;

const sha256 = /\b[0-9a-f]{64}\b/gi;

const incompleteText = (answer: EgressResponse): string | null =>
  answer.incomplete ? 'The answer broke off, or is longer than Sluice reads (5 MB).' : null;
