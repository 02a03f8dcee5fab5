import type { HttpAnswer, ReceivedRequest } from '../../http-server.ts';
import { startVendor, type VendorServer } from '../vendor-server.ts';

type Thing = Record<string, unknown>;

/** What the fake workspace holds. Users by their identifier as JSON. */
export interface BrazeState {
  readonly users: Map<string, Thing>;
  readonly events: Thing[];
  readonly purchases: Thing[];
  /** Group → identifier → state. */
  readonly subscriptions: Map<string, Map<string, string>>;
  readonly items: Map<string, Thing>;
  mayCatalogs: boolean;
}

export const brazeKey = 'braze-rest-key-0123456789';

/** A Braze workspace with the subscription group g1 and the catalog products. */
export const startBraze = (): Promise<VendorServer<BrazeState>> =>
  startVendor<BrazeState>({
    spec: 'braze',
    state: {
      users: new Map(),
      events: [],
      purchases: [],
      subscriptions: new Map([['g1', new Map()]]),
      items: new Map(),
      mayCatalogs: true,
    },
    authorised: ({ headers }) => headers.authorization === `Bearer ${brazeKey}`,
    unauthorised: { status: 401, body: { message: 'Invalid API key: not-the-key' } },
    handle,
  });

const identifiers = ['external_id', 'user_alias', 'braze_id', 'email', 'phone'];

function handle(request: ReceivedRequest, state: BrazeState): HttpAnswer {
  switch (request.path) {
    case '/users/track':
      return track(request, state);
    case '/users/delete':
      return remove(request, state);
    case '/v2/subscription/status/set':
      return subscribe(request, state);
    case '/catalogs': {
      if (!state.mayCatalogs) return { status: 401, body: { message: 'Invalid permissions' } };
      const fields = [
        { name: 'id', type: 'string' },
        { name: 'title', type: 'string' },
        { name: 'price', type: 'number' },
        { name: 'since', type: 'time' },
      ];
      return { body: { message: 'success', catalogs: [{ name: 'products', fields }] } };
    }
    case '/catalogs/products/items':
      return changeItems(request, state);
    default:
      return { status: 404, body: { message: 'no such path' } };
  }
}

function track(request: ReceivedRequest, state: BrazeState): HttpAnswer {
  const body = request.json<Record<'attributes' | 'events' | 'purchases', Thing[] | undefined>>();
  const lists = ['attributes', 'events', 'purchases'] as const;
  if (lists.every((list) => (body[list] ?? []).length === 0))
    return { status: 400, body: { message: "Either 'attributes', 'events' or 'purchases' must be given" } };
  if (lists.some((list) => (body[list] ?? []).length > 75))
    return { status: 400, body: { message: 'At most 75 objects of a kind' } };
  const errors: Thing[] = [];
  const taken = (list: (typeof lists)[number]): Thing[] =>
    (body[list] ?? []).filter((object, index) => {
      const type = problemOf(list, object);
      if (type) errors.push({ type, input_array: list, index });
      return type === null;
    });
  const attributes = taken('attributes');
  for (const object of attributes) applyAttributes(object, state.users);
  const [events, purchases] = [taken('events'), taken('purchases')];
  state.events.push(...events);
  state.purchases.push(...purchases);
  return {
    status: 201,
    body: {
      message: 'success',
      attributes_processed: attributes.length,
      events_processed: events.length,
      purchases_processed: purchases.length,
      ...(errors.length > 0 && { errors }),
    },
  };
}

function problemOf(list: string, object: Thing): string | null {
  const named = identifiers.filter((name) => object[name] !== undefined);
  if (named.length !== 1 && !(list === 'attributes' && named.length > 1))
    return "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required";
  if (object.email !== undefined && !/^[^@\s]+@[^@\s]+$/.test(String(object.email)))
    return "'email' is not a valid email address";
  if (Object.keys(object).some((name) => name.startsWith('$'))) return 'attribute names may not begin with $';
  if (list !== 'attributes' && !/^\d{4}-\d\d-\d\dT/.test(String(object.time)))
    return "'time' is not ISO 8601";
  if (list === 'events' && typeof object.name !== 'string') return "'name' is required";
  if (list === 'purchases' && typeof object.price !== 'number') return "'price' must be a number";
  return null;
}

function applyAttributes(
  { _update_existing_only: existing, ...object }: Thing,
  users: Map<string, Thing>,
): void {
  const identifier = identifiers.find((name) => object[name] !== undefined) ?? '';
  const key = JSON.stringify({ [identifier]: object[identifier] });
  if (existing === true && !users.has(key)) return;
  const after = { ...users.get(key), ...object };
  delete after[identifier];
  users.set(key, Object.fromEntries(Object.entries(after).filter(([, value]) => value !== null)));
}

function remove(request: ReceivedRequest, state: BrazeState): HttpAnswer {
  const body = request.json<Record<string, unknown[]>>();
  const names = { external_ids: 'external_id', braze_ids: 'braze_id', user_aliases: 'user_alias' };
  let deleted = 0;
  for (const [list, name] of Object.entries(names)) {
    const ids = body[list] ?? [];
    if (ids.length > 50) return { status: 400, body: { message: 'At most 50 users' } };
    for (const id of ids) if (state.users.delete(JSON.stringify({ [name]: id }))) deleted += 1;
  }
  return { status: 201, body: { deleted, message: 'success' } };
}

function subscribe(request: ReceivedRequest, state: BrazeState): HttpAnswer {
  const { subscription_groups: groups } = request.json<{
    subscription_groups: Record<string, string | string[]>[];
  }>();
  for (const group of groups) {
    const members = state.subscriptions.get(String(group.subscription_group_id));
    if (!members) return { status: 400, body: { message: 'invalid subscription group' } };
    for (const list of ['external_ids', 'emails', 'phones']) {
      const ids = (group[list] ?? []) as string[];
      if (ids.length > 50) return { status: 400, body: { message: 'at most 50 users' } };
      for (const id of ids) members.set(id, String(group.subscription_state));
    }
  }
  return { status: 201, body: { message: 'success' } };
}

function changeItems(request: ReceivedRequest, state: BrazeState): HttpAnswer {
  const { items } = request.json<{ items: (Thing & { id: string })[] }>();
  if (items.length > 50) return refuse('request-includes-too-many-items', 'At most 50 items');
  if (new Set(items.map(({ id }) => id)).size < items.length)
    return refuse('ids-not-unique', 'Item ids are not unique');
  const known = ['id', 'title', 'price', 'since'];
  const unknown = items.flatMap((item) => Object.keys(item)).find((name) => !known.includes(name));
  if (unknown) return refuse('fields-do-not-match', `The catalog has no field ${unknown}`);
  for (const item of items) {
    if (request.method === 'DELETE') state.items.delete(item.id);
    else if (request.method === 'PUT') state.items.set(item.id, item);
    else if (state.items.has(item.id)) state.items.set(item.id, { ...state.items.get(item.id), ...item });
  }
  return { status: 202, body: { message: 'success' } };
}

const refuse = (id: string, message: string): HttpAnswer => ({
  status: 400,
  body: { errors: [{ id, message, parameters: [], parameter_values: [] }], message: 'Invalid Request' },
});
