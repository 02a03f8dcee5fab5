// A vendor that answers what it answered before: at once, or after `delayMs`.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Taken, takenPath } from '../destinations/taken.ts';
import type { Exchange, Transcript } from '../destinations/transcript.ts';

interface Input {
  readonly file: string;
  /** Whether whoever comes does first what is done once. */
  readonly setUp: boolean;
  readonly delayMs?: number;
}

const { file, setUp, delayMs = 0 } = JSON.parse(process.argv[2] ?? '{}') as Input;
const transcript = JSON.parse(readFileSync(file, 'utf8')) as Transcript;

/** Answers of one request, in order: those that come once, then the others again and again. */
interface Answers {
  readonly once: Exchange['answer'][];
  readonly again: Exchange['answer'][];
  next: number;
}

const known = new Map<string, Answers>();
const nameOf = (method = '', path = ''): string => `${method} ${path.split('?')[0]}`;
const answersOf = (name: string): Answers => {
  const answers = known.get(name) ?? { once: [], again: [], next: 0 };
  known.set(name, answers);
  return answers;
};
for (const { method, path, answer } of setUp ? transcript.setUp : [])
  answersOf(nameOf(method, path)).once.push(answer);
for (const { method, path, answer } of transcript.batches.flat())
  answersOf(nameOf(method, path)).again.push(answer);

/** What has come: both sides have to send the same. */
const taken: Taken = { requests: 0, bytes: 0 };

const server = createServer((request, response) => {
  if (request.url === takenPath) {
    response.end(JSON.stringify(taken));
    return;
  }
  taken.requests += 1;
  request.on('data', (bytes: Buffer) => {
    taken.bytes += bytes.length;
  });
  request.once('end', () => {
    const name = nameOf(request.method, request.url);
    const answers = answersOf(name);
    const { next, once, again } = answers;
    answers.next += 1;
    const answer = once[next] ?? again[(next - once.length) % again.length];
    if (!answer) {
      process.stderr.write(`nobody knows an answer to ${name}\n`);
      response.writeHead(500).end();
      return;
    }
    const say = (): void => {
      const type = answer.headers['content-type'];
      response.writeHead(answer.status, {
        ...(type && { 'content-type': type }),
        'content-length': Buffer.byteLength(answer.body),
      });
      response.end(answer.body);
    };
    if (delayMs > 0) setTimeout(say, delayMs);
    else say();
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
