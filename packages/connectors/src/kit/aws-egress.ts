import type { Egress, EgressRequest } from './context.ts';

/** A request as the AWS clients make it. */
interface AwsRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  /** Percent-encoded already. */
  readonly path: string;
  readonly query?: Record<string, string | string[] | null>;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** How requests are sent; may differ from one to the next. */
export type AwsSending = Pick<EgressRequest, 'timeoutMs' | 'signal' | 'beforeSend'>;

/** Answers of services are short: lists, receipts and refusals. */
const answerBytesMax = 2 * 1024 * 1024;

/**
 * The request handler for clients of `@aws-sdk`: everything they send goes through the guard. Only for requests whose
 * bodies and answers fit into memory.
 */
export function awsEgress(egress: Egress, sending: () => AwsSending) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: AwsRequest) {
      const { expect: _, ...headers } = lowerCase(request.headers);
      const body = bodyOf(request.body);
      const response = await egress.request({
        ...sending(),
        method: request.method,
        url: urlOf(request),
        headers,
        ...(body !== null && { body }),
        bodyBytesMax: answerBytesMax,
      });
      if (response.incomplete) throw new Error('the answer ended early');
      return {
        response: {
          statusCode: response.status,
          headers: response.headers,
          body: Buffer.from(response.body, 'utf8'),
        },
      };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

function urlOf({ protocol, hostname, port, path, query = {} }: AwsRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((one) => `${escaped(name)}=${escaped(one)}`),
  );
  const host = `${hostname}${port === undefined ? '' : `:${port}`}`;
  return `${protocol}//${host}${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
}

/** As the signature has it. https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html (2026-11) */
const escaped = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const lowerCase = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function bodyOf(body: unknown): string | Uint8Array | null {
  if (body === undefined || body === null) return null;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  throw new TypeError('a body of this kind cannot be sent through the guard');
}
