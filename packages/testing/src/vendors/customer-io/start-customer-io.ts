import type { HttpAnswer, ReceivedRequest } from '../../http-server.ts';
import { startVendor, type VendorServer } from '../vendor-server.ts';

/** What the fake workspace holds. People and objects are kept by their identifiers as JSON. */
export interface CustomerIoState {
  readonly people: Map<string, Record<string, unknown>>;
  readonly events: Map<string, Record<string, unknown>>;
  readonly segments: Map<string, Set<string>>;
  readonly objects: Map<string, Record<string, unknown>>;
  readonly relationships: Set<string>;
  region: 'us' | 'eu';
}

export const customerIoKeys = { siteId: 'site-4711', apiKey: 'cio-tracking-key-1' };

/** A Customer.io workspace with the manual segment 7: the Track API, version 2 for batches. */
export function startCustomerIo(): Promise<VendorServer<CustomerIoState>> {
  const basic = Buffer.from(`${customerIoKeys.siteId}:${customerIoKeys.apiKey}`).toString('base64');
  return startVendor<CustomerIoState>({
    spec: 'customerio-track',
    state: {
      people: new Map(),
      events: new Map(),
      segments: new Map([['7', new Set()]]),
      objects: new Map(),
      relationships: new Set(),
      region: 'us',
    },
    authorised: ({ headers }) => headers.authorization === `Basic ${basic}`,
    unauthorised: { status: 401, body: { meta: { error: 'Unauthorized' } } },
    handle,
  });
}

function handle(request: ReceivedRequest, state: CustomerIoState): HttpAnswer {
  const { pathname, searchParams } = new URL(request.path, 'http://vendor');
  if (pathname === '/api/v1/accounts/region') {
    return { body: { url: 'https://track.customer.io', region: state.region, environment_id: 1 } };
  }
  if (pathname === '/api/v2/batch') return takeBatch(request, state);
  const [, segmentId = '', action] =
    /^\/api\/v1\/segments\/(\d+)\/(add|remove)_customers$/.exec(pathname) ?? [];
  if (action) return changeSegment(request, state, segmentId, action, searchParams.get('id_type') ?? 'id');
  return { status: 404, body: { meta: { error: 'no such path' } } };
}

function takeBatch(request: ReceivedRequest, state: CustomerIoState): HttpAnswer {
  if (Buffer.byteLength(request.body) >= 500_000) return refuse('batch', 'the request is larger than 500 KB');
  const { batch } = request.json<{ batch: Entry[] }>();
  if (!Array.isArray(batch) || batch.length === 0) return refuse('batch', 'is empty');
  const errors = batch.flatMap((entry, index) => {
    const problem = apply(entry, state);
    return problem ? [{ batch_index: index, ...problem }] : [];
  });
  return errors.length > 0 ? { status: 207, body: { errors } } : { status: 200, body: {} };
}

interface Entry {
  type: string;
  action: string;
  identifiers: Record<string, string>;
  attributes?: Record<string, unknown>;
  name?: string;
  id?: string;
  timestamp?: number;
  cio_relationships?: { identifiers: Record<string, string> }[];
}

interface Problem {
  reason: string;
  field: string;
  message: string;
}

function apply(entry: Entry, state: CustomerIoState): Problem | null {
  if (Buffer.byteLength(JSON.stringify(entry)) >= 32_768)
    return problem('invalid', 'batch', 'entry is larger than 32 KB');
  const [kind = '', value = ''] = Object.entries(entry.identifiers ?? {})[0] ?? [];
  if (value === '') return problem('required', kind || 'identifiers', 'may not be empty');
  if (kind === 'email' && !/^[^@\s]+@[^@\s]+$/.test(value))
    return problem('invalid', 'email', 'is not a valid address');
  for (const [name, attribute] of Object.entries(entry.attributes ?? {})) {
    if (typeof attribute === 'string' && Buffer.byteLength(attribute) > 1000)
      return problem('invalid', name, 'is longer than 1000 bytes');
  }
  const key = JSON.stringify(entry.identifiers);
  if (entry.type === 'object') return applyToObject(entry, key, state);
  switch (entry.action) {
    case 'identify':
      identify(state.people, key, entry.attributes ?? {});
      return null;
    case 'delete':
      state.people.delete(key);
      return null;
    case 'event':
      if (!entry.name) return problem('required', 'name', 'may not be empty');
      if (!/^[0-9A-HJKMNP-TV-Z]{26}$/.test(entry.id ?? '')) return problem('invalid', 'id', 'is not a ULID');
      if (!state.events.has(entry.id ?? '')) state.events.set(entry.id ?? '', { ...entry });
      return null;
    default:
      return problem('invalid', 'action', `${entry.action} is unknown`);
  }
}

function applyToObject(entry: Entry, key: string, state: CustomerIoState): Problem | null {
  if (!entry.identifiers.object_type_id || !entry.identifiers.object_id)
    return problem('required', 'identifiers', 'object_type_id and object_id are needed');
  const pairs = (entry.cio_relationships ?? []).map(
    ({ identifiers }) => `${key} ${JSON.stringify(identifiers)}`,
  );
  switch (entry.action) {
    case 'identify':
      identify(state.objects, key, entry.attributes ?? {});
      return null;
    case 'delete':
      state.objects.delete(key);
      return null;
    case 'add_relationships':
      for (const pair of pairs) state.relationships.add(pair);
      return null;
    case 'delete_relationships':
      for (const pair of pairs) state.relationships.delete(pair);
      return null;
    default:
      return problem('invalid', 'action', `${entry.action} is unknown`);
  }
}

/** `_update` never creates; an empty value removes the attribute. */
function identify(
  kept: Map<string, Record<string, unknown>>,
  key: string,
  { _update, ...attributes }: Record<string, unknown>,
): void {
  const before = kept.get(key);
  if (!before && _update === true) return;
  const after = { ...before, ...attributes };
  kept.set(
    key,
    Object.fromEntries(Object.entries(after).filter(([, value]) => value !== '' && value !== null)),
  );
}

function changeSegment(
  request: ReceivedRequest,
  state: CustomerIoState,
  segmentId: string,
  action: string,
  idType: string,
): HttpAnswer {
  const segment = state.segments.get(segmentId);
  const { ids } = request.json<{ ids: string[] }>();
  if (!segment) return { status: 400, body: { meta: { errors: ['segment does not exist'] } } };
  if (ids.length > 1000) return { status: 400, body: { meta: { errors: ['too many ids'] } } };
  if (ids.some((id) => id === ''))
    return { status: 400, body: { meta: { errors: ['ids may not be empty'] } } };
  for (const id of ids) segment[action === 'add' ? 'add' : 'delete'](`${idType}:${id}`);
  return { status: 200 };
}

const problem = (reason: string, field: string, message: string): Problem => ({ reason, field, message });
const refuse = (field: string, message: string): HttpAnswer => ({
  status: 400,
  body: { errors: [{ reason: 'invalid', field, message }] },
});
