import { SluiceError } from '@sluice/domain/error';
import type { Exchange } from '@sluice/domain/sync';
import type { BatchResult, Delivery, DestinationRecord, RecordResult } from '../../kit/destination.ts';
import type { Payload, PayloadOutcome } from '../../kit/payload.ts';
import type { PgSession } from '../../kit/pg-connection.ts';
import type { PayloadStatement } from './payload-statement.ts';
import type { SessionPool } from './session-pool.ts';
import type { Table } from './table.ts';
import { tableId } from './table-id.ts';
import { unlessSilent } from './unless-silent.ts';
import type { WriteParts } from './write-group.ts';
import { type PayloadEnding, writePayload } from './write-payload.ts';

export interface PayloadParts extends Omit<WriteParts, 'session' | 'confirm'> {
  readonly table: Table;
  readonly pool: SessionPool;
  /** The careful way, for rows of which one is refused. */
  readonly deliver: (records: readonly DestinationRecord[], delivery: Delivery) => Promise<BatchResult>;
}

/**
 * Delivers payloads of one sync: straight into the table as long as no row is there before, then by way of staging; where
 * the server refuses a row, the batch goes the careful way, and the next ones too for a while.
 */
export function createPayloadDelivery(
  parts: PayloadParts,
): (statement: PayloadStatement, payload: Payload, delivery: Delivery) => Promise<PayloadOutcome> {
  let meetsRecords = false;
  /** Batches that go the careful way at once, and how many will after the next refusal. */
  let careful = 0;
  let carefulNext = 1;
  return async (statement, payload, delivery) => {
    const apart: PayloadOutcome = {
      kind: 'apart',
      judge: (records) => parts.deliver(records, delivery),
    };
    if (careful > 0) {
      careful -= 1;
      return apart;
    }
    const { direct, staged } = statement;
    const ways = [...(direct && !(meetsRecords && staged) ? [{ direct }] : []), ...(staged ? [staged] : [])];
    for (const way of ways) {
      const startedAt = new Date();
      const started = performance.now();
      const ending = await write(parts, way, payload, delivery);
      if (ending.kind === 'not-admitted') return { kind: 'all', result: notSent, exchanges: [] };
      const refused = ending.kind === 'failed' && ending.failure.kind !== 'retry';
      if (refused && 'direct' in way) {
        meetsRecords = true;
        continue;
      }
      if (refused) break;
      carefulNext = 1;
      const time = {
        startedAt: startedAt.toISOString(),
        durationMs: Math.round(performance.now() - started),
      };
      const sql = 'direct' in way ? way.direct : `${way.create};\n${way.copy};\n${way.write}`;
      const exchange = { ...exchangeOf(parts.table, payload, sql, ending), ...time };
      return { kind: 'all', result: resultOf(ending), exchanges: [exchange] };
    }
    careful = carefulNext;
    carefulNext = Math.min(carefulMax, carefulNext * 2);
    return apart;
  };
}

const carefulMax = 32;

const notSent: RecordResult = {
  status: 'retry',
  code: 'not_sent',
  message: 'Rolled back: the run stopped before the commit.',
};

async function write(
  parts: PayloadParts,
  way: Parameters<typeof writePayload>[1],
  payload: Payload,
  { signal, admit, confirm }: Delivery,
): Promise<PayloadEnding> {
  await admit();
  let session: PgSession | null = null;
  // A cut reaches the server: what it would do there without anybody waiting for it is stopped and rolled back.
  const cut = () => void session?.cancel().then(session.end, session.end);
  signal.addEventListener('abort', cut, { once: true });
  let reusable = false;
  try {
    const taken = await parts.pool.take(signal);
    session = taken;
    const ending = await unlessSilent(taken, parts.silenceMs, () =>
      writePayload({ ...parts, session: taken, ...(confirm && { confirm }) }, way, payload),
    );
    reusable = ending.reusable && !signal.aborted;
    return signal.aborted && ending.kind === 'failed' ? { kind: 'not-admitted', reusable } : ending;
  } catch (thrown) {
    // No session could be had.
    if (signal.aborted) return { kind: 'not-admitted', reusable };
    if (!(thrown instanceof SluiceError) || !thrown.retry) throw thrown;
    const { code, message } = thrown;
    return { kind: 'failed', failure: { kind: 'retry', code, message }, reusable };
  } finally {
    signal.removeEventListener('abort', cut);
    if (session) await parts.pool.give(session, reusable);
  }
}

function resultOf(ending: PayloadEnding): Extract<PayloadOutcome, { kind: 'all' }>['result'] {
  if (ending.kind === 'committed') return { status: 'delivered' };
  if (ending.kind === 'failed') {
    const { failure } = ending;
    if (failure.kind === 'retry') return { status: 'retry', code: failure.code, message: failure.message };
  }
  const message =
    'The connection broke while the rows were committed, and the server could not say whether they were.';
  return { status: 'uncertain', code: 'commit_unknown', message };
}

function exchangeOf(
  table: Table,
  { operation, rows }: Payload,
  sql: string,
  ending: PayloadEnding,
): Pick<Exchange, 'request' | 'response' | 'error'> {
  const count = rows.toLocaleString('en-US');
  const committed = ending.kind === 'committed';
  return {
    request: {
      summary: `${operation.toUpperCase()} ${tableId(table)} (${rows} rows)`,
      headers: {},
      body: `${sql};\n-- ${count} rows`,
    },
    response: committed
      ? { summary: `COMMIT: ${operation} ${rows} of ${rows} rows`, headers: {}, body: null }
      : null,
    error: committed
      ? null
      : ending.kind === 'failed' && ending.failure.kind === 'retry'
        ? ending.failure.message
        : 'The answer to COMMIT was lost.',
  };
}
