import { StringDecoder } from 'node:string_decoder';

/**
 * The lines of a body; only a line feed ends one. Node's own readline also breaks at U+2028, which may stand in JSON, and
 * TextDecoder takes a byte order mark off the beginning. What follows the last line feed is a line as well.
 */
export async function* textLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
