import { SluiceError } from '@sluice/domain/error';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { NotAdmitted, type RecordResult } from '../../kit/destination.ts';
import type { FileLife, RejectedRecord } from '../../kit/file-batch.ts';
import type { ApiClient, ApiSession } from '../../kit/http/api-client.ts';
import { RequestFailed } from '../../kit/http/request-failed.ts';
import { RowRejected } from '../../kit/http/route.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import { emptyCell } from './cell.ts';
import { type Change, cellChange, changeOf, headerChanges, rowOf, sendChanges } from './change-sheet.ts';
import { placeColumns, readHeader } from './columns.ts';
import { batch, cellsOf, namesOf } from './objects/sheet.ts';
import { type Place, readTab, readTabs } from './place.ts';

/** More cells than a spreadsheet holds. */
const rowsMax = 10_000_000;
const fields = 'userEnteredValue';
/** How long tidying up may take when a run ends in the middle. */
const tidyMs = 2_000;

/**
 * Writes the whole model anew. Rows go to a hidden sheet first; when all are there, one request empties the mapped columns
 * and copies them in, so nobody ever sees half of it. Other columns stay as they are.
 */
export const rewriteSheet = (
  client: ApiClient,
  place: Place,
  sync: SyncConfiguration,
  syncId: string,
): FileLife => ({
  rowsMax,
  async write(file, delivery) {
    const session = client.session(delivery);
    const draft = new Draft(session, place, sync, `Sluice is writing (sync ${syncId})`);
    try {
      await draft.open();
      for await (const records of file.rows()) {
        for (const record of records) draft.add(record);
        await draft.flushFull();
      }
      await draft.finish();
      return { status: 'complete', rejected: draft.rejected, exchanges: session.exchanges };
    } catch (thrown) {
      await draft.discard(
        client.session({ signal: AbortSignal.timeout(tidyMs), admit: () => Promise.resolve() }),
      );
      return { ...failed(thrown), exchanges: session.exchanges };
    }
  },
});

/** The hidden sheet that a file is written to. */
class Draft {
  readonly rejected: RejectedRecord[] = [];
  private readonly session: ApiSession;
  private readonly place: Place;
  private readonly sync: SyncConfiguration;
  private readonly title: string;
  private readonly names: readonly string[];
  private sheetId: number | null = null;
  private written = 0;
  private waiting: string[] = [];
  private bytes = 0;

  constructor(session: ApiSession, place: Place, sync: SyncConfiguration, title: string) {
    this.session = session;
    this.place = place;
    this.sync = sync;
    this.title = title;
    this.names = namesOf(sync);
  }

  async open(): Promise<void> {
    const { send } = this.session;
    // One of a worker that died.
    const { tabs } = await readTabs(send, this.place.spreadsheetId);
    const old = tabs.find(({ title }) => title === this.title);
    const properties = {
      title: this.title,
      hidden: true,
      gridProperties: { rowCount: 1, columnCount: Math.max(1, this.names.length) },
    };
    const changes = [
      ...(old ? [changeOf({ deleteSheet: { sheetId: old.sheetId } })] : []),
      changeOf({ addSheet: { properties } }),
    ];
    const { body } = await sendChanges(send, this.place.spreadsheetId, changes, { reads: true });
    this.sheetId = Number(valueAtPath(body, `replies.${changes.length - 1}.addSheet.properties.sheetId`));
  }

  add(record: RejectedRecord['record']): void {
    try {
      const cells = cellsOf(record, this.sync);
      const row = rowOf(this.names.map((name) => cells[name] ?? emptyCell));
      this.waiting.push(row);
      this.bytes += row.length;
    } catch (thrown) {
      if (!(thrown instanceof RowRejected)) throw thrown;
      this.rejected.push({ record, code: thrown.code, message: thrown.message });
    }
  }

  async flushFull(): Promise<void> {
    if (this.bytes >= batch.bytes || this.waiting.length >= batch.rows) await this.flush();
  }

  private async flush(): Promise<void> {
    const rows = this.waiting;
    if (rows.length === 0) return;
    const { sheetId } = this;
    const start = { sheetId, rowIndex: this.written, columnIndex: 0 };
    await sendChanges(
      this.session.send,
      this.place.spreadsheetId,
      [
        changeOf({ appendDimension: { sheetId, dimension: 'ROWS', length: rows.length } }),
        cellChange(start, rows),
      ],
      // Nobody sees it yet, and a lost answer begins it anew.
      { reads: true },
    );
    this.written += rows.length;
    this.waiting = [];
    this.bytes = 0;
  }

  /** One request: all of it or nothing. */
  async finish(): Promise<void> {
    await this.flush();
    const { send } = this.session;
    const tab = await readTab(send, this.place);
    const columns = placeColumns(await readHeader(send, tab), this.names, null);
    const { sheetId } = this.place;
    const missingRows = this.written + 1 - Math.max(tab.rows, 1);
    const changes: Change[] = headerChanges(tab, columns);
    if (missingRows > 0)
      changes.push(changeOf({ appendDimension: { sheetId, dimension: 'ROWS', length: missingRows } }));
    let source = 0;
    // The order of the draft is that of the names; the target's is where people put the columns.
    for (const name of this.names) {
      const column = columns.at.get(name) ?? 0;
      const range = { sheetId, startRowIndex: 1, startColumnIndex: column, endColumnIndex: column + 1 };
      if (tab.rows > 1) changes.push(changeOf({ repeatCell: { range, cell: {}, fields } }));
      if (this.written > 0) {
        changes.push(
          changeOf({
            copyPaste: {
              source: {
                sheetId: this.sheetId,
                startRowIndex: 0,
                endRowIndex: this.written,
                startColumnIndex: source,
                endColumnIndex: source + 1,
              },
              destination: { ...range, endRowIndex: this.written + 1 },
              pasteType: 'PASTE_VALUES',
              pasteOrientation: 'NORMAL',
            },
          }),
        );
      }
      source += 1;
    }
    changes.push(changeOf({ deleteSheet: { sheetId: this.sheetId } }));
    await sendChanges(send, this.place.spreadsheetId, changes);
    this.sheetId = null;
  }

  /** Takes the draft away; where that does not work, the next run does. */
  async discard(session: ApiSession): Promise<void> {
    if (this.sheetId === null) return;
    const changes = [changeOf({ deleteSheet: { sheetId: this.sheetId } })];
    await sendChanges(session.send, this.place.spreadsheetId, changes).catch(() => undefined);
  }
}

/** What it means for the file. Rethrows what makes going on useless. */
function failed(thrown: unknown): Extract<RecordResult, { status: 'retry' | 'uncertain' }> {
  if (thrown instanceof NotAdmitted)
    return { status: 'retry', code: 'not_sent', message: 'The run stops before the sheet was replaced.' };
  if (!(thrown instanceof RequestFailed)) throw thrown;
  const { failure } = thrown;
  if (failure.kind === 'fatal') throw failure.error;
  if (failure.kind === 'refused')
    throw new SluiceError('destination_failed', `Google refused the sheet (${failure.message}).`);
  const { result } = failure;
  if (result.status === 'retry' || result.status === 'uncertain') return result;
  throw thrown;
}
