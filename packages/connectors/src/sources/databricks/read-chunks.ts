import { SluiceError } from '@sluice/domain/error';
import type { Data } from 'apache-arrow';
import { abortError } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { createGuardedAgents } from '../../kit/guarded-agent.ts';
import type { Block } from '../../kit/sql/engine.ts';
import { type Arrow, cellReader } from './arrow-cells.ts';
import type { DatabricksClient } from './client.ts';
import { download } from './download.ts';
import { type ChunkLink, type Finished, linkOf } from './statement.ts';

const blockRows = 1_000;
/** A link that ends sooner than this is not begun with. */
const marginMs = 30_000;
const attemptsMax = 4;

/** The rows of a result, part by part; the next part is on its way while one is written. */
export async function* readChunks(
  client: DatabricksClient,
  agents: ReturnType<typeof createGuardedAgents>,
  result: Finished,
  context: ConnectContext,
): AsyncGenerator<Block> {
  const arrow = (await import('apache-arrow')) as Arrow;
  let seen = 0;
  const fetched = (chunk: number): Promise<Buffer> => {
    const loading = fetchChunk(client, agents, result, chunk, context);
    // Whoever stops taking rows does not hear of it.
    loading.catch(() => {});
    return loading;
  };
  let next = result.chunks > 0 ? fetched(0) : null;
  for (let chunk = 0; next !== null; chunk += 1) {
    let bytes: Buffer;
    try {
      bytes = await next;
    } catch (thrown) {
      if (context.signal.aborted) throw abortError(context.signal);
      throw endedEarly(seen, result.rows, thrown);
    }
    next = chunk + 1 < result.chunks ? fetched(chunk + 1) : null;
    for (const block of blocksOf(arrow, bytes, result)) {
      seen += block.length;
      yield block;
    }
  }
  if (seen !== result.rows) throw endedEarly(seen, result.rows);
}

/** A link that has ended, or a download that broke, is asked for again: nothing of the part has been used yet. */
async function fetchChunk(
  client: DatabricksClient,
  agents: ReturnType<typeof createGuardedAgents>,
  result: Finished,
  chunk: number,
  context: ConnectContext,
): Promise<Buffer> {
  let link: ChunkLink | undefined = result.links.find(({ chunk_index: index }) => index === chunk);
  for (let attempt = 1; ; attempt += 1) {
    if (!link || hasEnded(link)) link = await linkOf(client, result.id, chunk);
    try {
      return await download({ url: link.external_link, headers: link.http_headers ?? {} }, agents, context);
    } catch (thrown) {
      if (context.signal.aborted || thrown instanceof SluiceError || attempt === attemptsMax) throw thrown;
      link = undefined;
    }
  }
}

const hasEnded = ({ expiration }: ChunkLink): boolean =>
  expiration !== undefined && Date.parse(expiration) < Date.now() + marginMs;

function* blocksOf(arrow: Arrow, bytes: Buffer, { columns }: Finished): Generator<Block> {
  for (const batch of arrow.RecordBatchReader.from(bytes)) {
    const readers = columns.map((column, index) =>
      cellReader(arrow, batch.data.children[index] as Data, column),
    );
    for (let from = 0; from < batch.numRows; from += blockRows) {
      const to = Math.min(from + blockRows, batch.numRows);
      yield Array.from({ length: to - from }, (_, index) => readers.map((read) => read(from + index)));
    }
  }
}

function endedEarly(seen: number, promised: number, cause?: unknown): SluiceError {
  if (cause instanceof SluiceError && cause.code === 'egress_refused') return cause;
  return new SluiceError(
    'source_ended_early',
    `Databricks announced ${promised} rows, but only ${seen} could be fetched; nothing was planned from them.`,
    { cause },
  );
}
