import { createHmac } from 'node:crypto';
import type { HttpAnswer, ReceivedRequest } from '../../http-server.ts';
import { startVendor, type VendorServer } from '../vendor-server.ts';

interface FakeAudience {
  readonly id: string;
  readonly name: string;
  readonly subtype: string;
  /** `EMAIL=<hash>&PHONE=<hash>`, in the order of the schema. */
  readonly members: Set<string>;
}

export interface MetaState {
  readonly audiences: Map<string, FakeAudience>;
  /** What every request is answered with. */
  failure: { readonly code: number; readonly subcode?: number; readonly transient?: boolean } | null;
  /** Minutes until requests are taken again, in the header. */
  regainMinutes: number;
  /** Counts one row less than it was sent. */
  loses: boolean;
}

export const metaKeys = {
  accessToken: 'EAABfake0123456789',
  appSecret: 'app-secret-0123456789abcdef',
  adAccountId: '1234567890',
};
const proof = createHmac('sha256', metaKeys.appSecret).update(metaKeys.accessToken).digest('hex');
/** Sent as they are; everything else is hashed. */
const plainKeys = new Set(['EXTERN_ID', 'MADID']);

/** An ad account that demands the app's proof, with the audiences Customers (101) and Lookalike (102), and 250 more. */
export const startMetaAudiences = (): Promise<VendorServer<MetaState>> =>
  startVendor<MetaState>({
    spec: 'meta-marketing',
    basePath: '/v24.0',
    state: {
      audiences: new Map(
        [
          { id: '101', name: 'Customers', subtype: 'CUSTOM' },
          { id: '102', name: 'Lookalike', subtype: 'LOOKALIKE' },
          ...Array.from({ length: 250 }, (_, index) => ({
            id: String(1000 + index),
            name: `Audience ${index}`,
            subtype: 'CUSTOM',
          })),
        ].map((one) => [one.id, { ...one, members: new Set<string>() }]),
      ),
      failure: null,
      regainMinutes: 0,
      loses: false,
    },
    authorised: ({ headers }) => headers.authorization === `Bearer ${metaKeys.accessToken}`,
    // Meta says so with 400.
    unauthorised: failure(400, 190, 'Error validating access token: Session has expired.'),
    throttled: failure(400, 80003, 'There have been too many calls to this ad-account.'),
    handle(request, state) {
      const { code, subcode, transient } = state.failure ?? {};
      const usage = [
        { type: 'custom_audience', call_count: 100, estimated_time_to_regain_access: state.regainMinutes },
      ];
      const headers = { 'x-business-use-case-usage': JSON.stringify({ 42: usage }) };
      if (code !== undefined)
        return { ...failure(400, code, 'It did not work.', subcode, transient), headers };
      return { headers, ...handle(request, state) };
    },
  });

function handle(request: ReceivedRequest, state: MetaState): HttpAnswer {
  const { pathname, searchParams } = new URL(request.path, 'http://graph');
  if (searchParams.get('appsecret_proof') !== proof)
    return failure(400, 100, 'API calls from the server require an appsecret_proof argument');
  const path = pathname.replace('/v24.0', '');
  if (path === `/act_${metaKeys.adAccountId}/customaudiences`) {
    return request.method === 'GET' ? list(searchParams, state) : create(request, state);
  }
  const audience = state.audiences.get(/^\/(\d+)\/users$/.exec(path)?.[1] ?? '');
  if (!audience) return failure(400, 100, 'Unsupported request: the object does not exist.', 33);
  return change(request, audience, state);
}

function list(query: URLSearchParams, state: MetaState): HttpAnswer {
  const from = Number(query.get('after') ?? 0);
  const limit = Number(query.get('limit') ?? 25);
  const all = [...state.audiences.values()];
  const data = all.slice(from, from + limit).map(({ id, name, subtype }) => ({ id, name, subtype }));
  const more = from + limit < all.length;
  return {
    body: {
      data,
      paging: { cursors: { after: String(from + limit) }, ...(more && { next: 'https://graph/next' }) },
    },
  };
}

function create(request: ReceivedRequest, state: MetaState): HttpAnswer {
  const { name, subtype } = request.json<{ name: string; subtype: string }>();
  const known = [...state.audiences.values()].find((one) => one.name === name);
  const id = known?.id ?? String(5000 + state.audiences.size);
  if (!known) state.audiences.set(id, { id, name, subtype, members: new Set() });
  return { body: { id } };
}

function change(request: ReceivedRequest, audience: FakeAudience, state: MetaState): HttpAnswer {
  const { payload, session } = request.json<{
    payload: { schema: string[]; data: string[][] };
    session: { session_id: number; batch_seq: number; last_batch_flag: boolean };
  }>();
  if (payload.data.length > 10_000) return failure(400, 100, 'at most 10,000 users in one request');
  const samples: Record<string, string> = {};
  let invalid = 0;
  for (const row of payload.data) {
    const wrong = payload.schema.find((key, index) => !fits(key, row[index] ?? ''));
    if (wrong || row.length !== payload.schema.length || row.every((value) => value === '')) {
      invalid += 1;
      if (Object.keys(samples).length < 5) samples[JSON.stringify(row)] = `Not a hash: ${wrong}`;
      continue;
    }
    const member = payload.schema.map((key, index) => `${key}=${row[index]}`).join('&');
    audience.members[request.method === 'POST' ? 'add' : 'delete'](member);
  }
  return {
    body: {
      audience_id: audience.id,
      session_id: String(session.session_id),
      num_received: payload.data.length - (state.loses ? 1 : 0),
      num_invalid_entries: invalid,
      invalid_entry_samples: samples,
    },
  };
}

/** `f00d…` stands for a hash that Meta does not like, for reasons of its own. */
const fits = (key: string, value: string): boolean =>
  value === '' || plainKeys.has(key) || (/^[0-9a-f]{64}$/.test(value) && !value.startsWith('f00d'));

function failure(
  status: number,
  code: number,
  message: string,
  subcode?: number,
  transient = false,
): HttpAnswer {
  return {
    status,
    body: {
      error: {
        message,
        type: 'OAuthException',
        code,
        ...(subcode !== undefined && { error_subcode: subcode }),
        is_transient: transient,
        fbtrace_id: 'AbCdEf',
      },
    },
  };
}
