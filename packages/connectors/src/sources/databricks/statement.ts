import { SluiceError } from '@sluice/domain/error';
import { z } from 'zod';
import type { ConnectContext } from '../../kit/context.ts';
import { pause } from '../../kit/pause.ts';
import { answerMs, type DatabricksClient } from './client.ts';
import type { DatabricksSettings } from './configuration.ts';
import { databricksError } from './error.ts';

/** A column as the manifest of a result has it. */
export interface ManifestColumn {
  readonly name: string;
  /** `DECIMAL`, `STRUCT`. */
  readonly type_name: string;
  /** `DECIMAL(10,2)`, `STRUCT<a: INT>`. */
  readonly type_text: string;
}

const Link = z.object({
  chunk_index: z.number(),
  external_link: z.string(),
  expiration: z.string().optional(),
  http_headers: z.record(z.string(), z.string()).optional(),
});
const Links = z.object({ external_links: z.array(Link).optional() });

/** https://docs.databricks.com/api/workspace/statementexecution/executestatement (read 2026-11-22) */
const Answer = z.object({
  statement_id: z.string(),
  status: z.object({
    state: z.enum(['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED', 'CLOSED']),
    error: z.object({ error_code: z.string().default(''), message: z.string().default('') }).optional(),
  }),
  manifest: z
    .object({
      schema: z.object({
        columns: z
          .array(
            z.object({
              name: z.string(),
              type_name: z.string(),
              type_text: z.string(),
              position: z.number(),
            }),
          )
          .default([]),
      }),
      total_chunk_count: z.number().default(0),
      total_row_count: z.number().default(0),
      truncated: z.boolean().default(false),
    })
    .optional(),
  result: Links.optional(),
});
type Answer = z.infer<typeof Answer>;
export type ChunkLink = z.infer<typeof Link>;

/** A statement that succeeded. */
export interface Finished {
  readonly id: string;
  readonly columns: readonly ManifestColumn[];
  readonly chunks: number;
  readonly rows: number;
  /** What came with the answer, if anything did. */
  readonly links: readonly ChunkLink[];
}

const base = '/api/2.0/sql/statements';
const pollMaxMs = 5_000;
/** A warehouse that slept takes minutes to start; one that takes longer does not start. */
const startMaxMs = 10 * 60_000;

/**
 * Runs a statement and waits for its end. `started` hears its number; `waiting` is called while the warehouse starts, which
 * is not silence.
 */
export async function runStatement(
  client: DatabricksClient,
  {
    text,
    parameters = {},
  }: { readonly text: string; readonly parameters?: Readonly<Record<string, string>> | undefined },
  settings: DatabricksSettings,
  context: ConnectContext,
  hears: { started(id: string): void; waiting(): void },
): Promise<Finished> {
  let answer = Answer.parse(
    await client.call('POST', base, {
      body: {
        statement: text,
        parameters: Object.entries(parameters).map(([name, value]) => ({ name, value, type: 'STRING' })),
        warehouse_id: settings.warehouse,
        catalog: settings.catalog,
        ...(settings.schema !== null && { schema: settings.schema }),
        disposition: 'EXTERNAL_LINKS',
        format: 'ARROW_STREAM',
        wait_timeout: `${answerMs / 1_000}s`,
        on_wait_timeout: 'CONTINUE',
      },
    }),
  );
  const { statement_id: id } = answer;
  hears.started(id);
  const begun = Date.now();
  for (let waitMs = 100; isRunning(answer); waitMs = Math.min(waitMs * 2, pollMaxMs)) {
    if (answer.status.state === 'PENDING') {
      hears.waiting();
      if (Date.now() - begun > startMaxMs)
        throw new SluiceError('source_timeout', 'The SQL warehouse did not start.');
    }
    // Often enough for what is not silence to be heard.
    await pause(Math.min(waitMs, context.timeouts.requestMs / 2), context.signal);
    answer = Answer.parse(await client.call('GET', `${base}/${id}`));
  }
  return finished(answer, settings);
}

const isRunning = ({ status }: Answer): boolean => status.state === 'PENDING' || status.state === 'RUNNING';

function finished(
  { statement_id: id, status, manifest, result }: Answer,
  settings: DatabricksSettings,
): Finished {
  if (status.state !== 'SUCCEEDED' || !manifest) {
    const { error_code: code = status.state, message = '' } = status.error ?? {};
    throw databricksError({ status: 200, code, message }, settings);
  }
  if (manifest.truncated) {
    throw new SluiceError('query_invalid', 'Databricks cut the result off: it is larger than 100 GiB.', {
      fix: 'Return fewer rows or columns.',
    });
  }
  return {
    id,
    columns: [...manifest.schema.columns].sort((a, b) => a.position - b.position),
    chunks: manifest.total_chunk_count,
    rows: manifest.total_row_count,
    links: result?.external_links ?? [],
  };
}

/** A fresh address of a part of a result; it holds for a quarter of an hour at most. */
export async function linkOf(client: DatabricksClient, id: string, chunk: number): Promise<ChunkLink> {
  const { external_links: links = [] } = Links.parse(
    await client.call('GET', `${base}/${id}/result/chunks/${chunk}`),
  );
  const link = links.find(({ chunk_index: index }) => index === chunk);
  if (!link)
    throw new SluiceError('source_failed', `Databricks gave no address for part ${chunk} of the result.`);
  return link;
}

/** Asks the warehouse to stop, whoever has left already. Never throws. */
export async function cancelStatement(client: DatabricksClient, id: string): Promise<void> {
  await client
    .call('POST', `${base}/${id}/cancel`, { signal: AbortSignal.timeout(answerMs) })
    .catch(() => {});
}
