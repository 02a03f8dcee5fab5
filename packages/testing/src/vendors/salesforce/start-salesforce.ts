import { verify } from 'node:crypto';
import type { HttpAnswer, ReceivedRequest } from '../../http-server.ts';
import { startVendor, type VendorServer } from '../vendor-server.ts';
import { handleJobs, type SalesforceJobs } from './salesforce-jobs.ts';
import { describeObject, listObjects } from './salesforce-objects.ts';
import {
  type FakeRecord,
  findRecords,
  objectNamed,
  type RowAnswer,
  refuse,
  type SalesforceRecords,
  unknownField,
  writeRecord,
} from './salesforce-records.ts';

export interface SalesforceState extends SalesforceRecords, SalesforceJobs {
  /** Requests of the last 24 hours, and how many are taken. */
  usage: { used: number; max: number };
  /** Sessions that are dead: only a new token helps. */
  readonly dead: Set<string>;
  tokens: number;
  /** The certificate of the app, for assertions. */
  certificate: string | null;
}

export const salesforceApp = { clientId: '3MVG9fake', clientSecret: 'consumer-secret-0123456789' };
const base = '/services/data/v64.0';

/** A Salesforce org with accounts, contacts, cars and a platform event. */
export const startSalesforce = (): Promise<VendorServer<SalesforceState>> =>
  startVendor<SalesforceState>({
    // Salesforce publishes no description of its REST API.
    spec: null,
    state: {
      records: {},
      locked: new Map(),
      nextId: 1,
      jobs: new Map(),
      looks: 1,
      jobFailure: null,
      writtenBefore: 0,
      usage: { used: 12, max: 15_000 },
      dead: new Set(),
      tokens: 0,
      certificate: null,
    },
    authorised: ({ headers, path }) =>
      path === '/services/oauth2/token' || /^Bearer 00Dfake!session-\d+$/.test(headers.authorization ?? ''),
    unauthorised: failure(401, 'INVALID_SESSION_ID', 'Session expired or invalid'),
    reads: ({ path }) => path === '/services/oauth2/token',
    throttled: failure(429, 'SERVER_UNAVAILABLE', 'Too many requests'),
    handle(request, state) {
      if (request.path === '/services/oauth2/token') return giveToken(request, state);
      const token = (request.headers.authorization ?? '').replace('Bearer ', '');
      if (state.dead.has(token)) return failure(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
      const { used, max } = state.usage;
      if (used >= max) return failure(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
      state.usage.used += 1;
      const answer = handle(request, state);
      return {
        ...answer,
        headers: { 'sforce-limit-info': `api-usage=${used + 1}/${max}`, ...answer.headers },
      };
    },
  });

function handle(request: ReceivedRequest, state: SalesforceState): HttpAnswer {
  const url = new URL(request.path, 'http://org');
  const path = url.pathname;
  if (path === `${base}/sobjects`) return { body: listObjects() };
  if (path === `${base}/limits`) {
    const { used, max } = state.usage;
    return { body: { DailyApiRequests: { Max: max, Remaining: max - used } } };
  }
  if (path === `${base}/query`) return query(url.searchParams.get('q') ?? '', state);
  const described = new RegExp(`^${base}/sobjects/([^/]+)/describe$`).exec(path)?.[1];
  if (described) {
    const object = objectNamed(decodeURIComponent(described));
    return object ? { body: describeObject(object) } : missing;
  }
  if (path.startsWith(`${base}/jobs/ingest`))
    return handleJobs(request, path.slice(`${base}/jobs/ingest`.length), state);
  if (path.startsWith(`${base}/composite/sobjects`)) return collection(request, url, state);
  return missing;
}

function collection(request: ReceivedRequest, url: URL, state: SalesforceState): HttpAnswer {
  if (request.method === 'DELETE') {
    const ids = (url.searchParams.get('ids') ?? '').split(',');
    if (ids.length > 200)
      return failure(400, 'EXCEEDED_ID_LIMIT', 'record limit reached. cannot submit more than 200');
    return { body: ids.map((id) => remove(id, state)) };
  }
  const body = request.json<{ allOrNone: boolean; records: FakeRecord[] }>();
  if (body.records.length === 0 || body.records.length > 200 || body.allOrNone)
    return failure(400, 'EXCEEDED_ID_LIMIT', 'record limit reached. cannot submit more than 200 records');
  const [, , key = null] = /sobjects\/([^/]+)\/([^/]+)$/.exec(url.pathname) ?? [];
  const operation = request.method === 'POST' ? 'insert' : key === null ? 'update' : 'upsert';
  for (const { attributes, ...values } of body.records) {
    const object = objectNamed((attributes as { type: string } | undefined)?.type ?? '');
    if (!object) return failure(400, 'INVALID_TYPE', 'no such object');
    const names = Object.keys(values).filter((name) => name !== 'id');
    const unknown = unknownField(object, names);
    if (unknown !== undefined)
      return failure(400, 'INVALID_FIELD', `No such column '${unknown}' on sobject of type ${object.name}`);
    const wrong = object.fields.find(
      ({ name, type }) => type === 'double' && typeof values[name] === 'string',
    );
    if (wrong)
      return failure(400, 'JSON_PARSER_ERROR', 'Cannot deserialize instance of double from VALUE_STRING');
  }
  const keys = body.records.map((record) => (key === null ? record.id : record[key]));
  const results = body.records.map(({ attributes, id, ...values }, index): RowAnswer => {
    const object = objectNamed((attributes as { type: string }).type);
    if (!object) return refuse('INVALID_TYPE', 'no such object');
    if (operation !== 'insert' && keys.filter((one) => one === keys[index]).length > 1)
      return refuse('DUPLICATE_VALUE', `Duplicate external id specified: ${String(keys[index])}`);
    return writeRecord(state, object, operation, id === undefined ? values : { ...values, Id: id }, key);
  });
  return { body: results };
}

function remove(id: string, state: SalesforceState): RowAnswer {
  for (const [name, records] of Object.entries(state.records)) {
    const [found] = findRecords(state, name, 'Id', id);
    if (found === undefined) continue;
    records.delete(found);
    return { id: found, success: true, errors: [] };
  }
  return refuse('ENTITY_IS_DELETED', 'entity is deleted');
}

/** `SELECT Id, F FROM O WHERE F IN ('a','b')`: the only question that is asked. */
function query(q: string, state: SalesforceState): HttpAnswer {
  const [, field = '', object = '', list = ''] =
    /^SELECT Id, (\w+) FROM (\w+) WHERE \w+ IN \((.*)\)$/s.exec(q) ?? [];
  if (!objectNamed(object)) return failure(400, 'MALFORMED_QUERY', `unexpected token: ${q.slice(0, 80)}`);
  const values = [...list.matchAll(/'((?:[^'\\]|\\.)*)'|([^,']+)/g)].map(([, text, bare]) =>
    text === undefined ? (bare ?? '') : text.replaceAll(/\\(.)/g, '$1'),
  );
  const records = values.flatMap((value) =>
    findRecords(state, object, field, value).map((Id) => ({
      attributes: { type: object },
      Id,
      [field]: field === 'Id' ? Id : state.records[object]?.get(Id)?.[field],
    })),
  );
  return { body: { totalSize: records.length, done: true, records } };
}

function giveToken(request: ReceivedRequest, state: SalesforceState): HttpAnswer {
  const form = new URLSearchParams(request.body);
  const assertion = form.get('assertion');
  const right =
    assertion === null
      ? form.get('client_id') === salesforceApp.clientId &&
        form.get('client_secret') === salesforceApp.clientSecret
      : isSigned(assertion, state.certificate);
  if (!right)
    return {
      status: 400,
      body: { error: 'invalid_client', error_description: 'invalid client credentials' },
    };
  state.tokens += 1;
  return {
    body: {
      access_token: `00Dfake!session-${state.tokens}`,
      instance_url: 'https://acme.my.salesforce.com',
      token_type: 'Bearer',
    },
  };
}

function isSigned(assertion: string, certificate: string | null): boolean {
  const [head = '', claims = '', signature = ''] = assertion.split('.');
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
  return (
    certificate !== null &&
    said.iss === salesforceApp.clientId &&
    said.aud === 'https://test.salesforce.com' &&
    Number(said.exp) - Date.now() / 1000 < 180 &&
    verify('sha256', Buffer.from(`${head}.${claims}`), certificate, Buffer.from(signature, 'base64url'))
  );
}

const missing = failure(404, 'NOT_FOUND', 'The requested resource does not exist');

function failure(status: number, errorCode: string, message: string): HttpAnswer {
  return { status, body: [{ errorCode, message }] };
}
