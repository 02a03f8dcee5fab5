import { apiCases } from '@sluice/connectors/__tests__/api-cases';
import type { ConnectContext, EgressRequest, EgressResponse } from '@sluice/connectors/kit/context';
import type { DestinationRecord, DestinationWriter } from '@sluice/connectors/kit/destination';
import { createEgress } from '@sluice/connectors/kit/egress';
import { destinationDefinitions } from '@sluice/connectors/registry';
import { type ApiLoad, batchOf, configurationOf, variables } from './load.ts';

/** A request to a vendor and its answer. */
export interface Exchange {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly answer: Pick<EgressResponse, 'status' | 'headers' | 'body'>;
}

/** Everything that a destination and its vendor say to each other. */
export interface Transcript {
  /** Where the vendor's paths begin, without a slash at the end: `/v24.0`. */
  readonly basePath: string;
  /** What is done once: signing in, asking for fields, a first batch. */
  readonly setUp: readonly Exchange[];
  /** By batch of the load. */
  readonly batches: readonly (readonly Exchange[])[];
  /** Batches that the destination has on their way at once. */
  readonly concurrency: number;
}

/** A writer of the load at this address. `heard` is told of each exchange. */
export async function openWriter(
  load: ApiLoad,
  url: string,
  heard?: (request: EgressRequest, answer: EgressResponse) => void,
): Promise<{ writer: DestinationWriter; close(): Promise<void> }> {
  const definition = destinationDefinitions[load.slug];
  const one = apiCases[load.slug];
  if (!definition || !one) throw new Error(`There is no destination ${load.slug}.`);
  const { context, close } = benchContext(new URL(url).host, heard);
  const writer = await definition.open(one.working(url), context).writer(configurationOf(load), variables);
  return { writer, close };
}

/** A context that reaches one address. `heard` is told of each exchange. */
export function benchContext(
  hostPort: string,
  heard?: (request: EgressRequest, answer: EgressResponse) => void,
): { context: ConnectContext; close(): Promise<void> } {
  const egress = createEgress({ allow: [hostPort], deny: [] });
  const context: ConnectContext = {
    signal: new AbortController().signal,
    egress: heard
      ? {
          resolve: egress.resolve,
          async request(request) {
            const answer = await egress.request(request);
            heard(request, answer);
            return answer;
          },
        }
      : egress,
    label: 'bench',
    timeouts: { connectMs: 5_000, requestMs: 60_000 },
    sampleDirectory: '',
  };
  return { context, close: () => egress.close() };
}

/** Sends a batch; throws when not all of it was delivered. */
export async function deliverAll(
  writer: DestinationWriter,
  batch: readonly DestinationRecord[],
  key: string,
): Promise<void> {
  const signal = new AbortController().signal;
  const { results } = await writer.deliver(batch, {
    signal,
    idempotencyKey: key,
    admit: async () => undefined,
  });
  const failed = results.find(({ status }) => status !== 'delivered');
  if (failed) throw new Error(`not delivered: ${JSON.stringify(failed)}`);
}

/** Lets the destination talk to the fake of its vendor once, and checks that the bare loop makes the same bodies. */
export async function recordTranscript(load: ApiLoad): Promise<Transcript> {
  const one = apiCases[load.slug];
  if (!one) throw new Error(`There is no destination ${load.slug}.`);
  const vendor = await one.start();
  let heard: Exchange[] = [];
  const taken = (): Exchange[] => heard.splice(0);
  const { writer, close } = await openWriter(load, vendor.url, (request, { status, headers, body }) => {
    const { pathname, search } = new URL(request.url);
    const path = pathname + search;
    heard.push({
      ...{ method: request.method, path, headers: request.headers, body: text(request.body) },
      answer: { status, headers, body },
    });
  });
  try {
    await deliverAll(writer, batchOf(load, -1), 'set-up');
    const setUp = taken();
    const batches: Exchange[][] = [];
    for (let place = 0; place < load.batches; place += 1) {
      await deliverAll(writer, batchOf(load, place), `batch ${place}`);
      const exchanges = taken();
      assertSame(load, rowsOf(exchanges).body ?? '', load.body(batchOf(load, place)));
      batches.push(exchanges);
    }
    heard = [];
    const { concurrency } = writer.limits;
    return { basePath: new URL(vendor.url).pathname.replace(/\/$/, ''), setUp, batches, concurrency };
  } finally {
    await close();
    await vendor.close();
  }
}

/** The exchange that carries the rows of a batch. */
export function rowsOf(exchanges: readonly Exchange[]): Exchange {
  const [largest] = exchanges.toSorted((a, b) => (b.body?.length ?? 0) - (a.body?.length ?? 0));
  if (!largest) throw new Error('nothing was sent');
  return largest;
}

function assertSame({ slug, differs }: ApiLoad, product: string, hand: string): void {
  const [one, other] = [product, hand].map((body) => (differs ? body.replace(differs, '') : body));
  if (one === other) return;
  const at = [...(one ?? '')].findIndex((letter, index) => letter !== other?.[index]);
  const near = (body = ''): string => body.slice(Math.max(0, at - 60), at + 200);
  throw new Error(`${slug}: the bare loop makes another body:\n${near(one)}\n${near(other)}`);
}

const text = (body: EgressRequest['body']): string | null =>
  body === undefined ? null : typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
