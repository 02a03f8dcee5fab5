import { SluiceError } from '@sluice/domain/error';
import { EgressFailure } from '../../kit/egress-failure.ts';
import type { GuardedStream } from '../../kit/http/guarded-stream.ts';
import type { ExampleSettings } from './configuration.ts';

/** Any failure of the network as a SluiceError; `answering`: after the first byte of a result. */
export function exampleError(
  thrown: unknown,
  { url }: ExampleSettings,
  { answering = false } = {},
): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  if (answering)
    return new SluiceError('source_ended_early', 'The connection to the source broke.', { cause: thrown });
  if (thrown instanceof EgressFailure && thrown.stage === 'tls')
    return new SluiceError('source_tls', thrown.message, { cause: thrown });
  return new SluiceError('source_unreachable', `No server could be reached at ${url.host}.`, {
    fix: 'Check the address, and that the firewall lets Sluice in.',
    cause: thrown,
  });
}

/** What the server refuses, in its own words. Each code that a person can act on gets a fix. */
export async function refusal(
  { status, body }: GuardedStream,
  { url }: ExampleSettings,
): Promise<SluiceError> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  const { code, message } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, string>;
  const words = `Example Warehouse says: ${(message ?? '').replace(/[.\s]*$/, '.')}`;
  if (status === 401)
    return new SluiceError('source_auth', `${url.host} refused the access token.`, {
      fix: 'Make a new token and enter it here.',
    });
  if (code === 'duplicate_column') return new SluiceError('query_columns_duplicate', words);
  if (code === 'read_only') return new SluiceError('query_not_read_only', words);
  if (status === 400)
    return new SluiceError('query_invalid', words, { fix: 'Correct the query as the message says.' });
  return new SluiceError('source_failed', words);
}
