import { changeClasses } from '@sluice/domain/change';
import { SluiceError } from '@sluice/domain/error';
import type { Exchange, SyncConfiguration } from '@sluice/domain/sync';
import {
  type BatchResult,
  type Delivery,
  type DestinationRecord,
  type DestinationWriter,
  NotAdmitted,
  type RecordResult,
} from '../../kit/destination.ts';
import type { PgSession } from '../../kit/pg-connection.ts';
import { createPayloadDelivery } from './deliver-payload.ts';
import { payloadStatement } from './payload-statement.ts';
import { requestView } from './request-view.ts';
import { createSessionPool } from './session-pool.ts';
import { stageBatch, type Target } from './stage-batch.ts';
import type { Table, TableColumn } from './table.ts';
import { tableId } from './table-id.ts';
import { writeGroup } from './write-group.ts';

/** Rows in one COPY: beyond some thousands the rate no longer grows, but what a crash repeats does. */
const batchRowsMax = 5000;
/** One transaction works on the server while the next is being encoded here. */
const concurrency = 2;
/** Rows that a preview shows as they would be staged. */
const previewRows = 10;

export interface WriterParts {
  readonly table: Table;
  readonly connect: (signal: AbortSignal) => Promise<PgSession>;
  readonly statementMs: number;
  /** A server that says nothing for so long is gone. */
  readonly silenceMs: number;
}

/** A writer of one sync. Throws `mapping_invalid` and `destination_match_key_not_unique` when the table has changed. */
export function createWriter(parts: WriterParts, configuration: SyncConfiguration): DestinationWriter {
  const target = targetOf(parts.table, configuration);
  const pool = createSessionPool(parts.connect);
  const deliverPayload = createPayloadDelivery({ ...parts, pool, deliver });
  const statements = new Map(
    changeClasses.flatMap((name) => {
      const statement = payloadStatement(target, configuration, name);
      return statement ? [[name, statement] as const] : [];
    }),
  );

  async function deliver(
    batch: readonly DestinationRecord[],
    { signal, admit, confirm }: Delivery,
  ): Promise<BatchResult> {
    const results: (RecordResult | undefined)[] = new Array(batch.length).fill(undefined);
    const exchanges: Exchange[] = [];
    const groups = stageBatch(target, batch, results);
    let applied = false;
    let fatal: SluiceError | null = null;
    let session: PgSession | null = null;
    // A cut reaches the server: what it would do there without anybody waiting for it is stopped and rolled back.
    const cut = () => void session?.cancel().then(session.end, session.end);
    signal.addEventListener('abort', cut, { once: true });
    try {
      for (const group of groups) {
        if (signal.aborted) break;
        await admit();
        session ??= await pool.take(signal);
        const outcome = await writeGroup({ ...parts, session, ...(confirm && { confirm }) }, group);
        exchanges.push(outcome.exchange);
        group.rows.forEach(({ index }, place) => {
          const result = outcome.results[place];
          results[index] = signal.aborted && result?.status === 'retry' ? notSent : result;
        });
        if (!outcome.reusable) {
          await pool.give(session, false);
          session = null;
        }
        fatal = outcome.fatal;
        if (fatal) break;
        applied ||= outcome.results.some(({ status }) => status === 'delivered' || status === 'uncertain');
      }
    } catch (thrown) {
      const result = notWritten(thrown, signal, applied);
      return { results: results.map((known) => known ?? result), exchanges };
    } finally {
      signal.removeEventListener('abort', cut);
      if (session) await pool.give(session, !signal.aborted);
    }
    if (fatal && !applied) throw fatal;
    return { results: results.map((known) => known ?? notSent), exchanges };
  }

  return {
    limits: { batchRowsMax, concurrency, requests: [] },
    mixedBatches: false,
    deliver,
    payloads: {
      format: (name) => statements.get(name)?.format ?? null,
      deliver(payload, delivery) {
        const statement = statements.get(payload.class);
        if (!statement) throw new TypeError(`${payload.class} rows are written as records`);
        return deliverPayload(statement, payload, delivery);
      },
    },
    preview: (batch) =>
      Promise.resolve(stageBatch(target, batch, []).map((group) => requestView(group, previewRows))),
    close: () => pool.close(),
  };
}

function targetOf(table: Table, { matchKey, mappings, mode }: SyncConfiguration): Target {
  const byName = new Map<string, TableColumn>(table.columns.map((column) => [column.name, column]));
  const column = (name: string): TableColumn => {
    const found = byName.get(name);
    if (found) return found;
    throw new SluiceError(
      'mapping_invalid',
      `The table ${tableId(table)} has no column "${name}" any more.`,
      {
        fix: 'Open the mapping of the sync: it shows the columns as they are now.',
      },
    );
  };
  const match = matchKey ? column(matchKey.to) : null;
  const fields = mappings.map(({ to }) => column(to));
  if (match && !match.unique && mode !== 'insert') {
    throw new SluiceError(
      'destination_match_key_not_unique',
      `The column "${match.name}" of ${tableId(table)} has no unique index of its own.`,
    );
  }
  return { table, byName, match, cleared: fields.filter((field) => field !== match) };
}

const notSent: RecordResult = {
  status: 'retry',
  code: 'not_sent',
  message: 'Not sent: the run was stopped, or the statement before failed.',
};

/** No session could be had. Rethrows what makes going on useless, as long as nothing was applied. */
function notWritten(thrown: unknown, signal: AbortSignal, applied: boolean): RecordResult {
  if (signal.aborted || thrown instanceof NotAdmitted) return notSent;
  if (!(thrown instanceof SluiceError)) throw thrown;
  if (!applied && !thrown.retry) throw thrown;
  return { status: 'retry', code: thrown.code, message: thrown.message };
}
