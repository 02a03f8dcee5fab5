import { SluiceError } from '@sluice/domain/error';
import type { Exchange, SyncConfiguration } from '@sluice/domain/sync';
import type { Operation } from '@sluice/domain/sync-mode';
import {
  type BatchResult,
  type Delivery,
  type DestinationRecord,
  type DestinationWriter,
  NotAdmitted,
  type RecordResult,
} from '../../kit/destination.ts';
import { RowRejected } from '../../kit/http/route.ts';
import type { MysqlSession } from '../../kit/mysql/connection.ts';
import { cellOf } from './cell.ts';
import { requestView } from './request-view.ts';
import { stagingOf, type Target, targetOf } from './statements.ts';
import type { Table, TableColumn } from './table.ts';
import { type Cells, type Group, writeGroup } from './write-group.ts';

/** Staged in one statement, so below the 16 MB that servers take by default. */
const batchRowsMax = 2_000;

/** A writer of one sync. Throws `mapping_invalid` and `destination_match_key_not_unique` when the table has changed. */
export function createWriter(
  table: Table,
  connect: () => Promise<MysqlSession>,
  sync: SyncConfiguration,
): DestinationWriter {
  const target = targetOf(table, sync);
  const idle: MysqlSession[] = [];

  async function deliver(
    batch: readonly DestinationRecord[],
    { signal, admit, confirm }: Delivery,
  ): Promise<BatchResult> {
    const results: (RecordResult | null)[] = batch.map(() => null);
    const exchanges: Exchange[] = [];
    let applied = false;
    for (const { group, places } of groupsOf(target, batch, results)) {
      const startedAt = new Date();
      try {
        await admit();
        const session = idle.pop() ?? (await connect());
        const cut = () => void session.end();
        signal.addEventListener('abort', cut, { once: true });
        const outcome = await writeGroup(session, group, { signal, ...(confirm && { confirm }) });
        signal.removeEventListener('abort', cut);
        if (outcome.reusable && !signal.aborted) idle.push(session);
        else await session.end();
        places.forEach((place, index) => {
          results[place] = outcome.results[index] ?? null;
        });
        exchanges.push(exchangeOf(group, outcome.results, startedAt));
        applied ||= outcome.results.some(({ status }) => status === 'delivered' || status === 'uncertain');
        if (outcome.fatal && !applied) throw outcome.fatal;
        if (outcome.fatal) break;
      } catch (thrown) {
        if (!(thrown instanceof NotAdmitted) && !(thrown instanceof SluiceError)) throw thrown;
        if (thrown instanceof SluiceError && !applied && !thrown.retry) throw thrown;
        if (thrown instanceof SluiceError && thrown.retry) {
          for (const place of places)
            results[place] ??= { status: 'retry', code: thrown.code, message: thrown.message };
        }
        break;
      }
    }
    return { results: results.map((result) => result ?? notSent), exchanges };
  }

  return {
    limits: { batchRowsMax, concurrency: 2, requests: [] },
    mixedBatches: false,
    deliver,
    preview: async (batch) => groupsOf(target, batch, []).map(({ group }) => requestView(group)),
    async close() {
      await Promise.all(idle.splice(0).map((session) => session.end()));
    },
  };
}

/** Records by operation, in order; the ones that cannot be written are rejected in `results`. */
function groupsOf(
  target: Target,
  batch: readonly DestinationRecord[],
  results: (RecordResult | null)[],
): { group: Group; places: number[] }[] {
  const groups = new Map<Operation, { rows: Cells[]; places: number[]; seen: Set<string> }[]>();
  const known = new Map<Operation, readonly TableColumn[]>();
  const columnsOf = (operation: Operation): readonly TableColumn[] => {
    const columns = known.get(operation) ?? stagingOf(target, operation).columns;
    known.set(operation, columns);
    return columns;
  };
  for (const [place, record] of batch.entries()) {
    try {
      const cells = cellsOf(target, columnsOf(record.operation), record);
      const lists = groups.get(record.operation) ?? [{ rows: [], places: [], seen: new Set() }];
      groups.set(record.operation, lists);
      // A record that is twice in a batch goes into a transaction of its own, after the first.
      const key = String(cells[0]);
      let list = lists.find(({ seen }) => !target.match || !seen.has(key));
      if (!list) {
        list = { rows: [], places: [], seen: new Set() };
        lists.push(list);
      }
      list.rows.push(cells);
      list.places.push(place);
      list.seen.add(key);
    } catch (thrown) {
      if (!(thrown instanceof RowRejected)) throw thrown;
      results[place] = { status: 'rejected', code: thrown.code, message: thrown.message };
    }
  }
  return [...groups].flatMap(([operation, lists]) =>
    lists
      .filter(({ rows }) => rows.length > 0)
      .map(({ rows, places }) => ({ group: { target, operation, rows }, places })),
  );
}

function cellsOf(target: Target, columns: readonly TableColumn[], record: DestinationRecord): Cells {
  return columns.map((column) => {
    if (column !== target.match) return cellOf(record.fields[column.name] ?? null, column);
    if (record.matchValue === null) throw new RowRejected('match_key_missing', 'The row has no match value.');
    return cellOf(record.matchValue, column);
  });
}

const notSent: RecordResult = {
  status: 'retry',
  code: 'not_sent',
  message: 'Not sent: the run was stopped, or the statement before failed.',
};

function exchangeOf(group: Group, results: readonly RecordResult[], startedAt: Date): Exchange {
  const done = results.filter(({ status }) => status === 'delivered').length;
  const refused = results.flatMap((result, index) =>
    result.status === 'delivered' ? [] : [`row ${index + 1}: ${result.message}`],
  );
  return {
    request: requestView(group),
    response: {
      summary: `${done} of ${results.length} rows written`,
      headers: {},
      body: refused.length === 0 ? null : refused.slice(0, 100).join('\n'),
    },
    error: null,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
  };
}
