import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Exchange } from '@sluice/domain/sync';
import type { BlobStore } from '@sluice/engine/ports';
import type { SecretRegistry } from '../vault/secret-registry.ts';

/** Where the exchanges of one batch are: bytes of an unpacked blob. */
export interface ExchangeRange {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** Captured requests and answers of a run, one JSON line each, in packed blobs of a few megabytes. */
export interface ExchangeLog {
  /** Answers where the exchanges will be; they can be read there after the next flush. */
  append(exchanges: readonly Exchange[]): ExchangeRange | null;
  /** Stores what was appended. Failures are reported once, here: a run does not fail for its captures. */
  flush(): Promise<void>;
}

const chunkBytesMax = 2 * 1024 * 1024;
const chunkAgeMsMax = 3_000;
const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Opens the captures of one attempt at a run; blobs are named `exchanges/<workspace>/<sync>/<run>-<attempt>-<number>`. */
export function openExchangeLog(options: {
  blobs: BlobStore;
  secrets: SecretRegistry;
  workDirectory: string;
  run: { id: number; workspaceId: number; syncId: number };
  /** A name of its own for each claim of the run and each worker that helps. */
  attempt: string;
  onError: (error: unknown) => void;
}): ExchangeLog {
  const { run } = options;
  const keyOf = (number: number) =>
    `exchanges/${run.workspaceId}/${run.syncId}/${run.id}-${options.attempt}-${number}.ndjson.gz`;
  let number = 0;
  let lines: Buffer[] = [];
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const store = async (key: string, content: Buffer) => {
    const path = join(options.workDirectory, key.replaceAll('/', '-'));
    await writeFile(path, await pack(content, { level: 1 }));
    await options.blobs.put(key, path);
  };

  /** Secrets are known in their JSON form too: mostly one look finds that there is none. */
  const lineOf = (exchange: Exchange): string => {
    const line = JSON.stringify(exchange);
    return options.secrets.redact(line) === line
      ? line
      : JSON.stringify(options.secrets.redactDeep(exchange));
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (size > 0) {
      const key = keyOf(number);
      const content = Buffer.concat(lines);
      number += 1;
      lines = [];
      size = 0;
      writing = writing.then(() => store(key, content)).catch(options.onError);
    }
    return writing;
  };

  return {
    append(exchanges) {
      if (exchanges.length === 0) return null;
      const text = exchanges.map((exchange) => `${lineOf(exchange)}\n`).join('');
      const bytes = Buffer.from(text, 'utf8');
      const range = { key: keyOf(number), from: size, to: size + bytes.length };
      lines.push(bytes);
      size += bytes.length;
      if (size >= chunkBytesMax) void flush();
      else timer ??= setTimeout(() => void flush(), chunkAgeMsMax);
      return range;
    },
    flush,
  };
}

/** Reads exchanges back. Empty when the blob is gone (retention) or not stored yet. */
export async function readExchanges(blobs: BlobStore, range: ExchangeRange): Promise<Exchange[]> {
  let file: Awaited<ReturnType<BlobStore['read']>>;
  try {
    file = await blobs.read(range.key);
  } catch {
    return [];
  }
  try {
    const content = await unpack(await readFile(file.path));
    const text = content.subarray(range.from, range.to).toString('utf8');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Exchange);
  } finally {
    await file.release();
  }
}
