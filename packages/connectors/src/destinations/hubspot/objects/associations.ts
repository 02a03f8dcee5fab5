import type { ConfigField } from '@sluice/domain/field';
import type { DestinationRecord, RecordResult, WriterLimits } from '../../../kit/destination.ts';
import type { ApiSession } from '../../../kit/http/api-client.ts';
import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { type ApiRequest, apiPath, jsonText } from '../../../kit/http/api-request.ts';
import { delivered, type Portion, type Route, RowRejected, rejected } from '../../../kit/http/route.ts';
import { optionText } from '../../../kit/object-options.ts';
import { fieldOf, removalColumns } from '../../../kit/removal-fields.ts';
import { readBatchAnswer } from '../batch-answer.ts';
import { findIds } from '../find-ids.ts';
import type { ObjectType } from '../object-type.ts';
import { recordId } from '../property.ts';

/** https://developers.hubspot.com/docs/guides/api/crm/associations/associations-v4 (2026-11) */
const rowsMax = 100;

const optionsOf = (types: readonly ObjectType[]): ConfigField[] => {
  const options = types.map(({ id, label }) => ({ value: id, label }));
  const property = (name: string, label: string): ConfigField => ({
    name,
    label,
    kind: 'text',
    help: 'The property that the column holds: the record ID, or a unique one such as email.',
    placeholder: recordId,
    secret: false,
    required: false,
    default: recordId,
  });
  const type = (name: string, label: string): ConfigField => ({
    name,
    label,
    kind: 'select',
    help: 'The kind of record at this end.',
    secret: false,
    required: true,
    options,
  });
  return [
    type('fromType', 'From'),
    property('fromProperty', 'From: found by'),
    type('toType', 'To'),
    property('toProperty', 'To: found by'),
    {
      name: 'labelId',
      label: 'Label',
      kind: 'text',
      help: 'The number of one of your own association labels. Left empty, the association has no label.',
      placeholder: '37',
      secret: false,
      required: false,
    },
  ];
};

/** Which record belongs to which. A row is one pair, found again by both of its ends. */
export const associations = (types: readonly ObjectType[], limits: WriterLimits): ApiObject => ({
  id: 'associations',
  label: 'Associations',
  modes: ['segment', 'add', 'remove'],
  noMatchKey: true,
  describe: () =>
    Promise.resolve({
      fields: [
        apiField('from', 'From', 'string', { required: true }),
        apiField('to', 'To', 'string', { required: true }),
      ],
      options: optionsOf(types),
    }),
  validate({ options }): Record<string, string> {
    const label = optionText(optionsOf(types), options, 'labelId');
    return label === '' || /^\d+$/.test(label) ? {} : { 'options.labelId': 'The label is a number.' };
  },
  columnsForRemoval: (sync) => removalColumns(sync, ['from', 'to']),
  limits,
  routes: ({ sync }) => {
    const option = (name: string): string => optionText(optionsOf(types), sync.options, name);
    const [fromType, toType] = [option('fromType'), option('toType')];
    const [fromProperty, toProperty] = [option('fromProperty') || recordId, option('toProperty') || recordId];
    const label = option('labelId');
    const spec = [{ associationCategory: 'USER_DEFINED', associationTypeId: Number(label) }];
    const path = (action: string): string =>
      apiPath`/crm/v4/associations/${fromType}/${toType}/batch/` + action;
    const endOf = (record: DestinationRecord, name: 'from' | 'to'): string => {
      const value = fieldOf(record, sync, name);
      return value === null ? '' : String(value).trim();
    };
    const requestOf = (adds: boolean, items: readonly string[]): ApiRequest => ({
      method: 'POST',
      path: path(adds ? (label ? 'create' : 'associate/default') : label ? 'labels/archive' : 'archive'),
      body: jsonText(`{"inputs":[${items.join(',')}]}`),
      ...(!adds && { answer: 'nothing' as const }),
    });
    const inputOf = (adds: boolean, from: string, to: string): string => {
      const ends = { from: { id: from }, to: adds || label ? { id: to } : [{ id: to }] };
      return JSON.stringify({ ...ends, ...(label !== '' && { types: spec }) });
    };
    const route = (adds: boolean): Route => ({
      name: adds ? 'add' : 'remove',
      batch: { rows: rowsMax },
      encode(record) {
        const [from, to] = [endOf(record, 'from'), endOf(record, 'to')];
        if (from === '' || to === '')
          throw new RowRejected('end_missing', 'The row does not name both records.');
        return inputOf(adds, from, to);
      },
      identity: (record) => JSON.stringify([endOf(record, 'from'), endOf(record, 'to')]),
      request: ({ items }) => requestOf(adds, items),
      read: (answer, portion) => readBatchAnswer(answer, portion),
      send: (portion, session) => pair(adds, portion, session),
    });

    /** Looks both ends up, and sends the pairs of which both exist. */
    async function pair(adds: boolean, { records }: Portion, session: ApiSession): Promise<RecordResult[]> {
      const ends = records.map((record) => ({ from: endOf(record, 'from'), to: endOf(record, 'to') }));
      const froms = await findIds(
        session,
        fromType,
        fromProperty,
        ends.map(({ from }) => from),
      );
      const tos = await findIds(
        session,
        toType,
        toProperty,
        ends.map(({ to }) => to),
      );
      const results: RecordResult[] = [];
      const sent: { place: number; from: string; to: string }[] = [];
      ends.forEach((end, place) => {
        const [from, to] = [froms.get(end.from), tos.get(end.to)];
        if (from !== undefined && to !== undefined) sent.push({ place, from, to });
        else results[place] = adds ? notFound(from === undefined ? end.from : end.to) : delivered;
      });
      if (sent.length > 0) {
        const answer = await session.send(
          requestOf(
            adds,
            sent.map(({ from, to }) => inputOf(adds, from, to)),
          ),
        );
        const portion = { records: sent.map(({ place }) => records[place] as DestinationRecord) };
        readBatchAnswer(answer, portion, (index) => sent[index]?.from ?? null).forEach((result, index) => {
          results[sent[index]?.place ?? 0] = result;
        });
      }
      return results;
    }
    const [add, remove] = [route(true), route(false)];
    return ({ operation }) => (operation === 'add' ? add : remove);
  },
});

const notFound = (value: string): RecordResult =>
  rejected('record_not_found', `HubSpot has no record "${value.slice(0, 200)}".`);
