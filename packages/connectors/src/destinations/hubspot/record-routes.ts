import type { SyncConfiguration } from '@sluice/domain/sync';
import type { DestinationRecord, RecordResult } from '../../kit/destination.ts';
import type { ApiSession } from '../../kit/http/api-client.ts';
import { apiPath, jsonText } from '../../kit/http/api-request.ts';
import { delivered, type Portion, type Route, rejected } from '../../kit/http/route.ts';
import { readBatchAnswer, traceOf } from './batch-answer.ts';
import { findIds } from './find-ids.ts';
import type { ObjectType } from './object-type.ts';
import { type Property, propertyText, recordId } from './property.ts';

/** https://developers.hubspot.com/docs/guides/api/crm/objects/contacts#limits (2026-11) */
const batch = { rows: 100 };

/** The ways of writing records of one type, by operation. */
export function recordRoutes(
  type: ObjectType,
  sync: SyncConfiguration,
  properties: readonly Property[],
): (record: DestinationRecord) => Route {
  const typeOf = new Map(properties.map(({ field, type: native }) => [field.name, native]));
  const matchField = sync.matchKey?.to ?? recordId;
  const byId = matchField === recordId;
  const path = (action: string): string => apiPath`/crm/v3/objects/${type.id}/batch/` + action;
  const textOf = (name: string, value: DestinationRecord['matchValue']): string =>
    propertyText(name, value, typeOf.get(name));
  const idOf = ({ matchValue }: DestinationRecord): string => textOf(matchField, matchValue).trim();
  const propertiesOf = ({ fields }: DestinationRecord): Record<string, string> => {
    const properties: Record<string, string> = {};
    for (const name in fields) properties[name] = textOf(name, fields[name] ?? null);
    return properties;
  };
  const cleared = Object.fromEntries(
    sync.mappings.filter(({ to }) => to !== matchField).map(({ to }) => [to, '']),
  );
  const body = ({ items }: Portion) => jsonText(`{"inputs":[${items.join(',')}]}`);
  /** `email` is one whatever its case; HubSpot refuses a batch that names a record twice. */
  const identity = (record: DestinationRecord): string => idOf(record).toLowerCase();

  const write = (
    action: 'create' | 'update' | 'upsert',
    inputOf: (record: DestinationRecord) => Record<string, unknown>,
  ): Omit<Route, 'name'> => ({
    batch,
    encode(record) {
      const input = inputOf(record);
      input.objectWriteTraceId = traceOf(record);
      return JSON.stringify(input);
    },
    request: (portion) => ({ method: 'POST', path: path(action), body: body(portion) }),
    read: (answer, portion) =>
      readBatchAnswer(answer, portion, (index) => idOf(portion.records[index] as DestinationRecord) || null),
  });
  const found = (
    record: DestinationRecord,
    own: Readonly<Record<string, string>>,
  ): Record<string, unknown> =>
    byId
      ? { id: idOf(record), properties: own }
      : { id: idOf(record), idProperty: matchField, properties: own };

  const create: Route = {
    name: 'create',
    ...write('create', (record) => ({
      properties: {
        ...(record.matchValue !== null && !byId && { [matchField]: idOf(record) }),
        ...propertiesOf(record),
      },
    })),
  };
  const upsert: Route = {
    name: 'upsert',
    identity,
    ...write('upsert', (record) => found(record, propertiesOf(record))),
  };
  const update: Route = {
    name: 'update',
    identity,
    ...write('update', (record) => found(record, propertiesOf(record))),
  };
  const clear: Route = {
    name: 'clear',
    identity,
    ...write('update', (record) => found(record, cleared)),
    refusal: goneIsDone,
  };
  const archive: Route = {
    name: 'archive',
    batch,
    identity,
    encode: (record) => JSON.stringify({ id: idOf(record) }),
    request: (portion) => ({ method: 'POST', path: path('archive'), body: body(portion), answer: 'nothing' }),
    read: (_, { records }) => records.map(() => delivered),
    ...(!byId && { send: archiveFound }),
    refusal: goneIsDone,
  };

  /** Records are archived by their id only; those that are not found are gone already. */
  async function archiveFound(portion: Portion, session: ApiSession): Promise<RecordResult[]> {
    const ids = await findIds(session, type.id, matchField, portion.records.map(idOf));
    const items = [...new Set(ids.values())].map((id) => JSON.stringify({ id }));
    if (items.length > 0) await session.send(archive.request({ ...portion, items }));
    return portion.records.map(() => delivered);
  }

  return ({ operation }) => {
    switch (operation) {
      case 'create':
        return create;
      case 'update':
        return update;
      case 'clear':
        return clear;
      case 'delete':
      case 'archive':
        return archive;
      default:
        return upsert;
    }
  };
}

/** A record that is gone needs no removal. */
const goneIsDone: Route['refusal'] = ({ status, code, message }) =>
  status === 404 || code === 'object_not_found' ? delivered : rejected(code, message);
