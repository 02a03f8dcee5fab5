import { SluiceError } from '@sluice/domain/error';

const bytesMax = 1_000_000;

/**
 * The same request, whose body ends with `payload_too_large` after 1 MB instead of filling the memory. `wrap` makes
 * the error that the reader of the body meets.
 */
export function limitBody(request: Request, wrap: (error: SluiceError) => Error): Request {
  if (!request.body) return request;
  const tooLarge = () => wrap(new SluiceError('payload_too_large', 'The request is larger than 1 MB.'));
  let read = 0;
  const counted = request.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        read += chunk.byteLength;
        if (read > bytesMax) controller.error(tooLarge());
        else controller.enqueue(chunk);
      },
    }),
  );
  // Part by part: a framework's own kind of request cannot be copied as a whole.
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body: counted, duplex: 'half' } as RequestInit);
}
