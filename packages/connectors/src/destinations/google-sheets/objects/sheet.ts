import type { ConfigField } from '@sluice/domain/field';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { DestinationRecord, RecordResult, WriterLimits } from '../../../kit/destination.ts';
import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { delivered, type Portion, type Route, RowRejected, rejected } from '../../../kit/http/route.ts';
import { cellOf, emptyCell } from '../cell.ts';
import {
  appendChange,
  type Cells,
  type Change,
  changeRequest,
  deleteChanges,
  headerChanges,
  placedRow,
  sendChanges,
  updateChanges,
} from '../change-sheet.ts';
import { type Columns, placeColumns, readHeader } from '../columns.ts';
import { cellText, type Place, placeId, readTab, type Send, type Tab } from '../place.ts';
import { readKeys } from '../row-keys.ts';

/** https://developers.google.com/sheets/api/limits (2026-11): 2 MB advised, 60 requests / min for each user, reads and writes apart. */
export const batch = { rows: 5_000, bytes: 2_000_000 };
const limits: WriterLimits = {
  batchRowsMax: batch.rows,
  // Rows move when others are deleted: one writer at a time.
  concurrency: 1,
  sharedConcurrency: 1,
  // Two questions to one change.
  requests: [{ count: 90, perMs: 60_000 }],
};

const options: readonly ConfigField[] = [
  {
    name: 'numbers',
    label: 'Write text that is a number as one',
    kind: 'checkbox',
    help: 'For decimals, which arrive as text. Leading zeros and more than 15 digits stay text.',
    secret: false,
    required: false,
    default: false,
  },
];

/** The columns that a sync writes, the key first. */
export const namesOf = ({ mappings, matchKey }: SyncConfiguration): string[] => [
  ...new Set([...(matchKey ? [matchKey.to] : []), ...mappings.map(({ to }) => to)]),
];

/** The cells of a record; fields that it does not have are left alone. */
export function cellsOf(record: DestinationRecord, sync: SyncConfiguration): Cells {
  const numbers = sync.options.numbers === true;
  const key = sync.matchKey?.to;
  const cells: Record<string, Cells[string]> = {};
  if (key !== undefined && record.matchValue !== null) cells[key] = cellOf(key, record.matchValue, numbers);
  for (const name in record.fields) cells[name] = cellOf(name, record.fields[name] ?? null, numbers);
  return cells;
}

/** One tab of a spreadsheet: a table whose first row names its columns. */
export const sheet = (place: Place, label: string): ApiObject => ({
  id: placeId(place),
  label,
  modes: ['all', 'upsert', 'update', 'mirror', 'insert'],
  deleteBehaviours: ['nothing', 'clear', 'delete'],
  openFields: true,
  async describe(client) {
    const send: Send = (request) => client.read(request);
    const header = await readHeader(send, await readTab(send, place));
    const names = [...new Set(header.filter((text) => text !== ''))];
    return { fields: names.map((name) => apiField(name, name, 'string', { matchable: true })), options };
  },
  validate(sync): Record<string, string> {
    const names = namesOf(sync);
    const bad = names.find((name) => name.trim() !== name || name.length > 1_000);
    return {
      ...(names.length === 0 && { mappings: 'Map at least one column.' }),
      ...(bad !== undefined && { mappings: `"${bad.slice(0, 60)}" cannot be the header of a column.` }),
    };
  },
  limits,
  async routes({ client, sync }) {
    // A sheet that is gone is said before anything is sent.
    await readTab((request) => client.read(request), place);
    const names = namesOf(sync);
    const key = sync.matchKey?.to ?? null;
    let columns: Columns | null = null;

    const open = async (send: Send): Promise<{ tab: Tab; columns: Columns }> => {
      const tab = await readTab(send, place);
      columns ??= placeColumns(await readHeader(send, tab), names, key);
      return { tab, columns };
    };
    const textOf = ({ matchValue }: DestinationRecord): string => cellText(matchValue);
    // Made where a row is not added in the order of the mapping: keeping them takes longer.
    const cellsFor = (record: DestinationRecord): Cells => cellsOf(record, sync);
    const numbers = sync.options.numbers === true;
    /** A row as it is added to a sheet that has the mapped columns alone, in their order. */
    const encodeRow = ({ fields, matchValue }: DestinationRecord): string => {
      let text = '';
      for (const name of names) {
        const value = fields[name] === undefined && name === key ? matchValue : (fields[name] ?? null);
        text += `${text === '' ? '' : ','}${cellOf(name, value, numbers)}`;
      }
      return `{"values":[${text}]}`;
    };
    const encode = (record: DestinationRecord): string => {
      if (key !== null && textOf(record) === '')
        throw new RowRejected('match_value_missing', `The row has no value for "${key}".`);
      return encodeRow(record);
    };
    /** Rows to add: as they were encoded, where that is how the columns stand. */
    const appended = ({ records, items }: Portion, places: readonly number[], columns: Columns): string[] => {
      const { at, width } = columns;
      const inOrder = width === names.length && names.every((name, index) => at.get(name) === index);
      if (inOrder) return places.map((place) => items[place] ?? '');
      return places.map((place) => placedRow(cellsFor(records[place] as DestinationRecord), columns));
    };

    const append: Route = {
      name: 'append',
      batch,
      encode: encodeRow,
      request: ({ records }) =>
        changeRequest(place.spreadsheetId, [preview('appendCells', records.map(cellsFor))]),
      read: () => [],
      async send(portion, session) {
        const { records } = portion;
        const opened = await open(session.send);
        const rows = appended(portion, [...records.keys()], opened.columns);
        await sendChanges(session.send, place.spreadsheetId, [
          ...headerChanges(opened.tab, opened.columns),
          appendChange(place.sheetId, rows),
        ]);
        columns = settled(opened.columns);
        return records.map(() => delivered);
      },
    };

    const keyed = (operation: 'upsert' | 'update' | 'clear' | 'delete'): Route => ({
      name: operation,
      batch,
      identity: textOf,
      encode,
      request: ({ records }) =>
        changeRequest(place.spreadsheetId, [
          preview(operation === 'delete' ? 'deleteDimension' : 'updateCells', records.map(cellsFor)),
        ]),
      read: () => [],
      async send(portion, session) {
        const { records } = portion;
        let { tab, columns: found } = await open(session.send);
        let keys = await readKeys(session.send, tab, found.at.get(key ?? '') ?? 0);
        if (found.missing.length === 0 && keys.header !== key) {
          // Somebody moved columns since the last batch.
          columns = null;
          ({ tab, columns: found } = await open(session.send));
          keys = await readKeys(session.send, tab, found.at.get(key ?? '') ?? 0);
        }
        const work = planRows(operation, records, keys.rows);
        const changes: Change[] = [
          ...work.updates.flatMap(({ index, cells }) => updateChanges(place.sheetId, index, cells, found)),
          ...(work.appends.length > 0
            ? [appendChange(place.sheetId, appended(portion, work.appends, found))]
            : []),
          ...deleteChanges(place.sheetId, work.deletes),
        ];
        if (changes.length > 0) {
          await sendChanges(session.send, place.spreadsheetId, [...headerChanges(tab, found), ...changes]);
          columns = settled(found);
        }
        return work.results;
      },
    });

    /** What becomes of each record, and of which row. */
    function planRows(
      operation: 'upsert' | 'update' | 'clear' | 'delete',
      records: readonly DestinationRecord[],
      rows: ReadonlyMap<string, readonly number[]>,
    ): RowWork {
      const work: RowWork = { updates: [], appends: [], deletes: [], results: [] };
      for (const [place, record] of records.entries()) {
        const text = textOf(record);
        const at = rows.get(text) ?? [];
        const [index] = at;
        work.results.push(delivered);
        if (at.length > 1) work.results[place] = ambiguous(text, at);
        else if (index === undefined) {
          if (operation === 'upsert') work.appends.push(place);
          if (operation === 'update') work.results[place] = notFound(text);
        } else if (operation === 'delete') work.deletes.push(index);
        else if (operation === 'clear') work.updates.push({ index, cells: emptied });
        else work.updates.push({ index, cells: cellsFor(record) });
      }
      return work;
    }
    const emptied: Cells = Object.fromEntries(
      names.filter((name) => name !== key).map((name) => [name, emptyCell]),
    );
    const ambiguous = (text: string, at: readonly number[]): RecordResult =>
      rejected(
        'match_ambiguous',
        `Rows ${at
          .slice(0, 5)
          .map((index) => index + 1)
          .join(', ')} of the sheet all have ${key} "${text.slice(0, 200)}".`,
      );
    const notFound = (text: string): RecordResult =>
      rejected('record_not_found', `No row of the sheet has ${key} "${text.slice(0, 200)}".`);

    const routes = {
      upsert: keyed('upsert'),
      update: keyed('update'),
      clear: keyed('clear'),
      delete: keyed('delete'),
    };
    return ({ operation }) =>
      operation in routes && key !== null ? routes[operation as keyof typeof routes] : append;
  },
});

interface RowWork {
  readonly updates: { index: number; cells: Cells }[];
  /** Places of records that become new rows. */
  readonly appends: number[];
  readonly deletes: number[];
  readonly results: RecordResult[];
}

/** The headers have been written. */
const settled = (columns: Columns): Columns => ({ ...columns, missing: [] });

/** A change before anybody knows where its rows stand. */
const preview = (name: string, rows: readonly Cells[]): Change => {
  const shown = rows.map((cells) =>
    Object.entries(cells).map(([column, cell]) => `${JSON.stringify(column)}:${cell}`),
  );
  return `{"${name}":{"rows":[${shown.map((cells) => `{"cells":{${cells.join(',')}}}`).join(',')}]}}`;
};
