import { STATUS_CODES } from 'node:http';
import type { Exchange, RequestView } from '@sluice/domain/sync';
import type { EgressResponse } from '../../kit/context.ts';
import { createRedactor, mask } from '../../kit/redact.ts';
import type { HttpRequestConfiguration } from './configuration.ts';
import type { RenderedRequest } from './render-request.ts';

/** Longest body that is kept of a request or an answer, in characters. */
const bodyMax = 65_536;

/** Turns requests and answers into what people may see: cut, and without the destination's secrets. */
export interface ExchangeRecorder {
  view(request: RenderedRequest): RequestView;
  /** `outcome` is the answer, or the words of the failure. */
  record(
    request: RenderedRequest,
    outcome: EgressResponse | string,
    startedAt: Date,
    durationMs: number,
  ): Exchange;
  /** Takes the secrets out of a text of the destination, which may echo them. */
  redact(text: string): string;
}

/** A recorder for one destination; knows its secret headers by name and by value. */
export function createRecorder(configuration: HttpRequestConfiguration): ExchangeRecorder {
  const secretNames = new Set(
    configuration.headers.filter(({ secret }) => secret).map(({ name }) => name.toLowerCase()),
  );
  const redact = createRedactor(
    configuration.headers.filter(({ secret }) => secret).map(({ value }) => value),
  ).text;
  const headersOf = (headers: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        secretNames.has(name.toLowerCase()) ? mask : redact(value),
      ]),
    );
  const view = (request: RenderedRequest): RequestView => ({
    summary: redact(`${request.method} ${request.url}`),
    headers: headersOf(request.headers),
    body: request.body === null ? null : shortened(redact(request.body)),
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
              body: shortened(redact(outcome.body)),
            },
      error: typeof outcome === 'string' ? redact(outcome) : incompleteText(outcome),
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(durationMs),
    }),
  };
}

const incompleteText = (answer: EgressResponse): string | null =>
  answer.incomplete ? 'The answer broke off, or is longer than Sluice reads (5 MB).' : null;

const shortened = (text: string): string =>
  text.length > bodyMax ? `${text.slice(0, bodyMax)}… (cut; ${text.length} characters in all)` : text;
