// Sending batches to a vendor that answers as it did before: by the destination, or in a bare loop that makes the same bodies and
// sends the same requests.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { apiLoads } from '../destinations/api-loads.ts';
import { type ApiLoad, batchOf } from '../destinations/load.ts';
import { askTaken, takenBetween } from '../destinations/taken.ts';
import { deliverAll, openWriter, rowsOf, type Transcript } from '../destinations/transcript.ts';
import { type Lap, measure, startWatch } from './measure.ts';

interface Input {
  readonly load: string;
  readonly by: 'hand' | 'product';
  readonly url: string;
  readonly file: string;
  /** As many times the first batch, as often at once as the destination takes, as make so many requests; else all in turns. */
  readonly requests?: number;
}

await measure(async ({ load: name, by, url, file, requests }: Input) => {
  const known = apiLoads[name];
  if (!known) throw new Error(`There is no load ${name}.`);
  const load = requests === undefined ? known : { ...known, batches: 1 };
  const batches = Array.from({ length: load.batches }, (_, place) => batchOf(load, place));
  const transcript = JSON.parse(readFileSync(file, 'utf8')) as Transcript;
  const lanes = requests === undefined ? 1 : transcript.concurrency;
  const send =
    by === 'hand' ? byHand(load, url, transcript, lanes) : await byProduct(load, url + transcript.basePath);
  const eachTime = transcript.batches.flat().length / load.batches;
  const wanted = requests === undefined ? 0 : Math.ceil(requests / eachTime);
  let sent = 0;
  const lane = async (): Promise<void> => {
    while (sent < wanted) {
      const place = sent % batches.length;
      sent += 1;
      await send(batches[place] ?? [], place);
    }
  };
  const pass = async (): Promise<void> => {
    for (const [place, batch] of batches.entries()) await send(batch, place);
  };
  // Warm: a worker is.
  for (let count = 0; count < (requests === undefined ? 3 : 1); count += 1) await pass();
  const before = await askTaken(url);
  const rows = (count: number): number => count * load.batchRows;
  let lap: Lap;
  if (requests === undefined) {
    const passes = Math.ceil(load.rows / rows(load.batches));
    const watch = startWatch();
    for (let count = 0; count < passes; count += 1) await pass();
    lap = { ...watch(), rows: rows(passes * load.batches) };
  } else {
    const watch = startWatch();
    await Promise.all(Array.from({ length: lanes }, lane));
    lap = { ...watch(), rows: rows(sent) };
  }
  return { ...lap, taken: takenBetween(before, await askTaken(url)) };
});
process.exit(0);

type Send = (batch: ReturnType<typeof batchOf>, place: number) => Promise<unknown>;

async function byProduct(load: ApiLoad, url: string): Promise<Send> {
  const { writer } = await openWriter(load, url);
  await deliverAll(writer, batchOf(load, -1), 'set-up');
  let count = 0;
  return (batch) => {
    count += 1;
    return deliverAll(writer, batch, `batch ${count}`);
  };
}

function byHand(load: ApiLoad, url: string, { batches }: Transcript, connections: number): Send {
  const dispatcher = new Agent({ connections });
  return async (batch, place) => {
    const exchanges = batches[place] ?? [];
    const carrier = rowsOf(exchanges);
    for (const exchange of exchanges) {
      const { method, path, headers, answer: recorded } = exchange;
      const { body } = await request(url + path, {
        dispatcher,
        method: method as 'POST',
        headers,
        body: exchange === carrier ? load.body(batch) : exchange.body,
      });
      const text = await body.text();
      if (/json/.test(recorded.headers['content-type'] ?? '') && text !== '') JSON.parse(text);
    }
  };
}
