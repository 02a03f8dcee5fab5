import type { HttpAnswer, ReceivedRequest } from '../../http-server.ts';
import { startVendor, type VendorServer } from '../vendor-server.ts';
import { describe, listSchemas, searchLists } from './hubspot-metadata.ts';

/** A record by its id; properties are text. */
export type HubspotRecords = Map<string, Record<string, string>>;

/** What the fake account holds. */
export interface HubspotState {
  readonly records: Record<string, HubspotRecords>;
  readonly archived: Set<string>;
  /** Ids of members by list. */
  readonly lists: Map<string, Set<string>>;
  /** `contacts:1 companies:2 37`. */
  readonly associations: Set<string>;
  /** Events by their uuid. */
  readonly events: Map<string, Record<string, unknown>>;
  nextId: number;
  /** Types whose scope the token lacks. */
  forbidden: string[];
  /** The quota of the day is used up. */
  usedUp: boolean;
}

export const hubspotToken = 'pat-na1-fake-0123456789';

/**
 * A HubSpot account with the custom object Cars (2-7), the manual list 5 and the label 37 between contacts and companies.
 * `takes` says which access tokens are good.
 */
export const startHubspot = (
  takes = (token: string): boolean => token === hubspotToken,
): Promise<VendorServer<HubspotState>> =>
  startVendor<HubspotState>({
    spec: 'hubspot',
    state: {
      records: {
        contacts: new Map(),
        companies: new Map(),
        deals: new Map(),
        tickets: new Map(),
        '2-7': new Map(),
      },
      archived: new Set(),
      lists: new Map([['5', new Set()]]),
      associations: new Set(),
      events: new Map(),
      nextId: 1,
      forbidden: [],
      usedUp: false,
    },
    authorised: ({ headers }) => takes((headers.authorization ?? '').replace(/^Bearer /, '')),
    unauthorised: failure(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found.'),
    reads: ({ path }) => /\/batch\/read$|\/lists\/search$/.test(path),
    throttled: {
      status: 429,
      body: {
        status: 'error',
        category: 'RATE_LIMITS',
        policyName: 'TEN_SECONDLY_ROLLING',
        message: 'You have reached your ten_secondly_rolling limit.',
        correlationId: 'c0ffee',
      },
    },
    handle,
  });

function handle(request: ReceivedRequest, state: HubspotState): HttpAnswer {
  if (state.usedUp) {
    const body = {
      status: 'error',
      category: 'RATE_LIMITS',
      policyName: 'DAILY',
      message: 'Daily limit reached',
    };
    return { status: 429, body: { ...body, correlationId: 'c0ffee' } };
  }
  const { pathname } = new URL(request.path, 'http://vendor');
  if (pathname === '/crm-object-schemas/v3/schemas') return { body: listSchemas() };
  if (pathname === '/crm/v3/lists/search') return { body: searchLists() };
  const properties = /^\/crm\/v3\/properties\/([^/]+)$/.exec(pathname)?.[1];
  if (properties) {
    if (state.forbidden.includes(properties))
      return failure(403, 'MISSING_SCOPES', `This app lacks the scope crm.schemas.${properties}.read.`);
    return { body: describe(properties) };
  }
  if (pathname === '/events/v3/send/batch') return takeEvents(request, state);
  const [, type = '', action = ''] = /^\/crm\/v3\/objects\/([^/]+)\/batch\/(\w+)$/.exec(pathname) ?? [];
  const records = state.records[type];
  if (records) return batch(request, { state, type, records }, action);
  const [, listId = '', change] = /^\/crm\/v3\/lists\/(\w+)\/memberships\/(add|remove)$/.exec(pathname) ?? [];
  if (change) return changeList(request, state, listId, change);
  const [, from = '', to = '', how = ''] =
    /^\/crm\/v4\/associations\/([^/]+)\/([^/]+)\/batch\/([\w/]+)$/.exec(pathname) ?? [];
  if (how) return associate(request, state, { from, to, how });
  return failure(404, 'OBJECT_NOT_FOUND', 'no such path');
}

interface Input {
  id?: string;
  idProperty?: string;
  properties?: Record<string, string>;
  objectWriteTraceId?: string;
}

interface Target {
  readonly state: HubspotState;
  readonly type: string;
  readonly records: HubspotRecords;
}

function batch(request: ReceivedRequest, target: Target, action: string): HttpAnswer {
  const body = request.json<{ inputs: Input[]; idProperty?: string }>();
  const { inputs } = body;
  if (inputs.length === 0 || inputs.length > 100)
    return failure(400, 'VALIDATION_ERROR', 'The maximum number of inputs is 100');
  if (action === 'read') return read(target, inputs, body.idProperty);
  const ids = inputs.flatMap(({ id }) => (id === undefined ? [] : [id.toLowerCase()]));
  if (new Set(ids).size < ids.length)
    return failure(400, 'VALIDATION_ERROR', 'Duplicate IDs found in batch input');
  if (action === 'archive') {
    for (const { id = '' } of inputs)
      if (target.records.delete(id)) target.state.archived.add(`${target.type}:${id}`);
    return { status: 204 };
  }
  const known = new Set((describe(target.type).results as { name: string }[]).map(({ name }) => name));
  for (const { properties = {}, id = '', idProperty } of inputs) {
    const all = { ...properties, ...(idProperty && { [idProperty]: id }) };
    const unknown = Object.keys(all).find((name) => !known.has(name));
    if (unknown) return failure(400, 'VALIDATION_ERROR', `Property "${unknown}" does not exist`);
    if (all.email !== undefined && !/^[^@\s]+@[^@\s]+$/.test(all.email))
      return failure(
        400,
        'VALIDATION_ERROR',
        `Property values were not valid: Email address ${all.email} is invalid`,
      );
    if (action === 'create' && all.email && find(target.records, 'email', all.email))
      return failure(
        409,
        'CONFLICT',
        `Contact already exists. Existing ID: ${find(target.records, 'email', all.email)}`,
      );
  }
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const input of inputs) write(target, action, input, results, errors);
  return {
    status: errors.length > 0 ? 207 : action === 'create' ? 201 : 200,
    body: {
      status: 'COMPLETE',
      results,
      ...(errors.length > 0 && { numErrors: errors.length, errors }),
      startedAt: now,
      completedAt: now,
    },
  };
}

function write(
  { state, records }: Target,
  action: string,
  input: Input,
  results: unknown[],
  errors: unknown[],
): void {
  const { id = '', idProperty = 'hs_object_id', properties = {}, objectWriteTraceId = '' } = input;
  const refuse = (category: string, message: string): void => {
    const context = { objectWriteTraceId: [objectWriteTraceId] };
    errors.push({ status: 'error', category, message, context, errors: [], links: {} });
  };
  if (
    properties.revenue !== undefined &&
    properties.revenue !== '' &&
    Number.isNaN(Number(properties.revenue))
  ) {
    refuse('VALIDATION_ERROR', `${properties.revenue} was not a valid number.`);
    return;
  }
  let key = action === 'create' ? undefined : find(records, idProperty, id);
  if (key === undefined && action === 'update') {
    refuse('OBJECT_NOT_FOUND', `Could not get some objects, they may be deleted or not exist: ${id}`);
    return;
  }
  if (key === undefined) {
    key = String(state.nextId++);
    records.set(key, idProperty === 'hs_object_id' ? {} : { [idProperty]: id });
  }
  const after = { ...records.get(key), ...properties };
  records.set(key, Object.fromEntries(Object.entries(after).filter(([, value]) => value !== '')));
  results.push({ id: key, new: false, properties: {}, createdAt: now, updatedAt: now, objectWriteTraceId });
}

function read({ records }: Target, inputs: Input[], idProperty = 'hs_object_id'): HttpAnswer {
  const results = inputs.flatMap(({ id = '' }) => {
    const key = find(records, idProperty, id);
    if (key === undefined) return [];
    return [
      { id: key, properties: { ...records.get(key), hs_object_id: key }, createdAt: now, updatedAt: now },
    ];
  });
  if (results.length === 0) return failure(404, 'OBJECT_NOT_FOUND', 'none of them exists');
  return {
    status: results.length < inputs.length ? 207 : 200,
    body: { status: 'COMPLETE', results, startedAt: now, completedAt: now },
  };
}

/** The id of the record with this value; e-mail addresses compare without case. */
function find(records: HubspotRecords, property: string, value: string): string | undefined {
  if (property === 'hs_object_id') return records.has(value) ? value : undefined;
  for (const [id, properties] of records) {
    if (properties[property]?.toLowerCase() === value.toLowerCase()) return id;
  }
  return undefined;
}

function changeList(
  request: ReceivedRequest,
  state: HubspotState,
  listId: string,
  change: string,
): HttpAnswer {
  const members = state.lists.get(listId);
  if (!members) return failure(404, 'OBJECT_NOT_FOUND', `List ${listId} does not exist.`);
  const ids = request.json<string[]>();
  const missing = ids.filter((id) => !state.records.contacts?.has(id));
  const there = ids.filter((id) => !missing.includes(id));
  for (const id of there) members[change === 'add' ? 'add' : 'delete'](id);
  return {
    body: {
      recordsIdsAdded: change === 'add' ? there : [],
      recordIdsRemoved: change === 'remove' ? there : [],
      recordIdsMissing: missing,
    },
  };
}

function associate(
  request: ReceivedRequest,
  state: HubspotState,
  { from, to, how }: { from: string; to: string; how: string },
): HttpAnswer {
  const { inputs } = request.json<{
    inputs: {
      from: { id: string };
      to: { id: string } | { id: string }[];
      types?: { associationTypeId: number }[];
    }[];
  }>();
  const pairs = inputs.flatMap((input) =>
    [input.to].flat().map((end) => {
      const label = input.types?.[0]?.associationTypeId;
      return `${from}:${input.from.id} ${to}:${end.id}${label === undefined ? '' : ` ${label}`}`;
    }),
  );
  const removes = how === 'archive' || how === 'labels/archive';
  for (const pair of pairs) state.associations[removes ? 'delete' : 'add'](pair);
  if (removes) return { status: 204 };
  return {
    status: how === 'create' ? 201 : 200,
    body: { status: 'COMPLETE', results: [], startedAt: now, completedAt: now },
  };
}

function takeEvents(request: ReceivedRequest, state: HubspotState): HttpAnswer {
  const { inputs } = request.json<{ inputs: { uuid: string; eventName: string }[] }>();
  if (inputs.length > 500) return failure(400, 'VALIDATION_ERROR', 'at most 500 events');
  const unknown = inputs.find(({ eventName }) => !/^pe\d+_\w+$/.test(eventName));
  if (unknown)
    return failure(400, 'VALIDATION_ERROR', `Event definition ${unknown.eventName} does not exist`);
  for (const input of inputs) if (!state.events.has(input.uuid)) state.events.set(input.uuid, input);
  return { status: 204 };
}

const now = '2026-11-22T10:00:00.000Z';

function failure(status: number, category: string, message: string): HttpAnswer {
  return { status, body: { status: 'error', category, message, correlationId: 'c0ffee' } };
}
