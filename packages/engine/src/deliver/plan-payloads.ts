import type { DestinationWriter } from '@sluice/connectors/kit/destination';
import type { Payload, PayloadFormat } from '@sluice/connectors/kit/payload';
import type { ChangeClass } from '@sluice/domain/change';
import { SluiceError } from '@sluice/domain/error';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf } from '@sluice/domain/sync-mode';
import type { PlanMetadata } from '../ledger/file-metadata.ts';
import type { RunVariables } from '../map/mapping.ts';
import { payloadSql, type RowTextSql } from '../map/payload-sql.ts';
import type { OpenPlan, SentRange } from '../plan/open-plan.ts';
import type { BatchIntent } from '../ports.ts';
import { literal } from '../sql.ts';
import { ahead, type WindowLimits, windowsOf, within } from './plan-batches.ts';
import type { SeqRange } from './seq-ranges.ts';

/** Rows of a plan that are sent together as one text. */
export interface PlannedPayload {
  readonly intent: BatchIntent;
  /** An earlier attempt may have sent exactly these bytes and never learned the answer. */
  readonly doubtful: boolean;
  readonly payload: Payload;
}

/** How the rows of a class become text; `null` where they are sent as records. */
export type PayloadsOf = (name: ChangeClass) => PayloadText | null;

interface PayloadText {
  readonly format: PayloadFormat;
  readonly sql: RowTextSql;
  readonly operation: Payload['operation'];
}

/** Compiles, once a run, what a writer says of its payloads. */
export function compilePayloads(
  { payloads }: Pick<DestinationWriter, 'payloads'>,
  input: {
    readonly metadata: PlanMetadata;
    readonly configuration: SyncConfiguration;
    readonly variables: RunVariables;
  },
): PayloadsOf {
  const operations = operationsOf(input.configuration);
  return (name) => {
    const format = payloads?.format(name);
    const operation = operations[name];
    if (!format || operation === null || format.rowsMax < worthwhileRows) return null;
    const sql = payloadSql(format, { ...input, class: name });
    return sql && { format, sql, operation };
  };
}

/** Fewer rows in a request cost more to take out of DuckDB one by one than to encode. */
const worthwhileRows = 50;

/**
 * Cuts a range into payloads, in the order of the plan. Batches with a row that text cannot say exactly come as bounds:
 * they are sent as records. Bounds follow from the rows alone, so that whoever takes the run over makes the same bytes.
 */
export async function* cutPayloads(
  plan: OpenPlan,
  text: PayloadText,
  range: SentRange,
): AsyncGenerator<PlannedPayload | SeqRange> {
  for await (const batches of ahead(readWindows(plan, text, range))) {
    for (const { bytes, ...batch } of batches) {
      yield bytes ? plannedOf(text, range.class, { ...batch, bytes }, null) : batch;
    }
  }
}

/** A batch of an earlier attempt, with the bytes that it had then; `null` when it was sent as records. */
export async function doubtPayload(
  plan: OpenPlan,
  text: PayloadText,
  range: SentRange & Pick<BatchIntent, 'memory'>,
): Promise<PlannedPayload | null> {
  if (range.to - range.from >= text.format.rowsMax) return null;
  const [weight] = await plan.duck.rows(
    `SELECT coalesce(sum(bytes), 0)::DOUBLE FROM read_parquet(${literal(plan.path)}) WHERE ${within(range)}`,
  );
  // A single row may be longer than that.
  if (range.from < range.to && Number(weight?.[0]) > windows.bytes) return null;
  const [batch] = await readBatches(plan, text, range);
  if (!batch?.bytes) return null;
  return plannedOf(text, range.class, { ...batch, bytes: batch.bytes }, range);
}

/** Texts of two windows are in memory at once: one on its way, one being made. */
const windows: WindowLimits = { rows: 20_000, bytes: 8 * 1024 * 1024 };

interface Batch extends SeqRange {
  readonly rows: number;
  /** `null`: not all rows can be said exactly. */
  readonly bytes: Uint8Array | null;
}

async function* readWindows(plan: OpenPlan, text: PayloadText, range: SeqRange): AsyncGenerator<Batch[]> {
  for await (const window of windowsOf(plan, range, text.format.rowsMax, windows)) {
    yield await readBatches(plan, text, window);
  }
}

/** Texts that are many times longer than their values may not fit into memory: such rows are records, which take less. */
async function readBatches(plan: OpenPlan, text: PayloadText, range: SeqRange): Promise<Batch[]> {
  try {
    return await makeBatches(plan, text, range);
  } catch (thrown) {
    if (!(thrown instanceof SluiceError) || thrown.code !== 'storage_full') throw thrown;
    return [{ ...range, rows: 0, bytes: null }];
  }
}

async function makeBatches(plan: OpenPlan, { format, sql }: PayloadText, range: SeqRange): Promise<Batch[]> {
  const { rowsMax, rows } = format;
  const lines = { before: `''`, between: 'chr(10)', after: 'chr(10)' };
  const { before, between, after } =
    rows.kind === 'lines'
      ? lines
      : { before: literal(rows.before), between: literal(rows.between), after: literal(rows.after) };
  const batches = await plan.duck.rows(`
    SELECT min(seq), max(seq), count(*)::INTEGER, CASE WHEN bool_and(exact)
      THEN encode(concat(${before}, string_agg(text, ${between} ORDER BY seq), ${after})) END
    FROM (
      SELECT seq, coalesce(${sql.exact}, false) AS exact, ${sql.text} AS text
      FROM (SELECT *, ${sql.plain} AS plain FROM read_parquet(${literal(plan.path)}) WHERE class <> 'unchanged' AND ${within(range)}))
    GROUP BY (seq - ${range.from}) // ${rowsMax} ORDER BY 1`);
  return batches.map(([from, to, count, bytes]) => ({
    from: Number(from),
    to: Number(to),
    rows: Number(count),
    bytes: bytes instanceof Uint8Array ? bytes : null,
  }));
}

function plannedOf(
  { operation }: PayloadText,
  name: ChangeClass,
  { from, to, rows, bytes }: Batch & { readonly bytes: Uint8Array },
  doubt: Pick<BatchIntent, 'memory'> | null,
): PlannedPayload {
  const memory = doubt?.memory;
  return {
    intent: { seqFrom: from, seqTo: to, class: name, ...(memory !== undefined && { memory }) },
    doubtful: doubt !== null,
    payload: { class: name, operation, rows, bytes },
  };
}
