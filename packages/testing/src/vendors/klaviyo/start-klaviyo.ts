import type { HttpAnswer, ReceivedRequest } from '../../http-server.ts';
import { startVendor, type VendorServer } from '../vendor-server.ts';
import { FakeProfiles, type ProfileError, type ProfileInput } from './klaviyo-profiles.ts';

interface FakeJob {
  readonly id: string;
  readonly profiles: readonly ProfileInput[];
  /** Of those that were refused, with their places. */
  readonly errors: { place: number; error: ProfileError }[];
  status: 'queued' | 'processing' | 'complete' | 'cancelled';
  looks: number;
}

export interface KlaviyoState {
  readonly profiles: FakeProfiles;
  /** Ids of members by list. */
  readonly lists: Map<string, Set<string>>;
  /** Events by their `unique_id`. */
  readonly events: Map<string, Record<string, unknown>>;
  readonly jobs: Map<string, FakeJob>;
  /** Times that a job is looked at before it has ended. */
  looks: number;
  /** How the errors of a job tell which row they are about. */
  errorsName: 'place' | 'payload' | 'nothing';
  /** Jobs end so. */
  jobsEnd: 'complete' | 'cancelled';
}

export const klaviyoKey = 'pk_fake_0123456789abcdef';
const now = '2026-11-22T10:00:00+00:00';
const origin = 'https://a.klaviyo.com';

/** A Klaviyo account with twelve lists, of which `L5` is the newsletter. */
export const startKlaviyo = (): Promise<VendorServer<KlaviyoState>> =>
  startVendor<KlaviyoState>({
    spec: 'klaviyo',
    state: {
      profiles: new FakeProfiles(),
      lists: new Map(Array.from({ length: 12 }, (_, index) => [`L${index + 1}`, new Set<string>()])),
      events: new Map(),
      jobs: new Map(),
      looks: 1,
      errorsName: 'place',
      jobsEnd: 'complete',
    },
    // Profiles are described by an intersection of two shapes that no plain one satisfies in full.
    shortAnswers: true,
    authorised: ({ headers }) => headers.authorization === `Klaviyo-API-Key ${klaviyoKey}`,
    unauthorised: failure(401, 'not_authenticated', 'Authentication credentials were not provided.'),
    throttled: failure(429, 'throttled', 'Request was throttled.'),
    handle,
  });

function handle(request: ReceivedRequest, state: KlaviyoState): HttpAnswer {
  const { pathname, searchParams } = new URL(request.path, origin);
  if (request.headers.revision !== '2026-07-15') return failure(400, 'invalid', 'revision is required');
  const call = `${request.method} ${pathname}`;
  if (call === 'GET /api/accounts') return { body: { data: [account] } };
  if (call === 'GET /api/lists') return listPage(Number(searchParams.get('page[cursor]') ?? 0), state);
  if (call === 'GET /api/profiles') return findProfiles(searchParams.get('filter') ?? '', state);
  if (call === 'POST /api/profile-import') return importOne(request, state);
  if (call === 'POST /api/profile-bulk-import-jobs') return begin(request, state);
  if (call === 'POST /api/event-bulk-create-jobs') return takeEvents(request, state);
  const [, jobId = '', errors] =
    /^\/api\/profile-bulk-import-jobs\/(\w+)(\/import-errors)?$/.exec(pathname) ?? [];
  const job = state.jobs.get(jobId);
  if (job && errors) return errorPage(job, Number(searchParams.get('page[cursor]') ?? 0), state);
  if (job) return look(job, state);
  const listId = /^\/api\/lists\/(\w+)\/relationships\/profiles$/.exec(pathname)?.[1] ?? '';
  const members = state.lists.get(listId);
  return members ? changeMembers(request, members, state) : failure(404, 'not_found', 'no such resource');
}

function importOne(request: ReceivedRequest, state: KlaviyoState): HttpAnswer {
  const written = state.profiles.write(request.json<{ data: ProfileInput }>().data);
  if ('code' in written)
    return failure(
      written.code === 'duplicate_profile' ? 409 : 400,
      written.code,
      written.detail,
      `/data${written.pointer}`,
    );
  const { profile, created } = written;
  const body = { data: { type: 'profile', id: profile.id, attributes: profile.attributes } };
  return { status: created ? 201 : 200, body };
}

function begin(request: ReceivedRequest, state: KlaviyoState): HttpAnswer {
  const { data } = request.json<{
    data: { attributes: { profiles: { data: ProfileInput[] } } };
  }>();
  const profiles = data.attributes.profiles.data;
  if (profiles.length > 10_000) return failure(400, 'invalid', 'at most 10,000 profiles');
  if (Buffer.byteLength(request.body) > 5_000_000) return failure(413, 'too_large', 'at most 5 MB');
  // What is not even text is refused before the job begins.
  const wrong = profiles.flatMap(({ attributes }, place) =>
    typeof attributes.locale === 'string' && attributes.locale.length > 20 ? [place] : [],
  );
  if (wrong.length > 0)
    return {
      status: 400,
      body: {
        errors: wrong.map((place) =>
          problem(
            '400',
            'invalid',
            'Invalid locale.',
            `/data/attributes/profiles/data/${place}/attributes/locale`,
          ),
        ),
      },
    };
  const id = `job${state.jobs.size + 1}`;
  const job: FakeJob = { id, profiles, errors: [], status: 'queued', looks: state.looks };
  state.jobs.set(id, job);
  // It goes on whether or not anybody asks.
  if (state.jobsEnd === 'complete') {
    for (const [place, profile] of profiles.entries()) {
      const written = state.profiles.write(profile);
      if ('code' in written) job.errors.push({ place, error: written });
    }
  }
  return { status: 202, body: view(job) };
}

function look(job: FakeJob, state: KlaviyoState): HttpAnswer {
  job.looks -= 1;
  if (job.looks <= 0) job.status = state.jobsEnd;
  else job.status = 'processing';
  return { body: view(job) };
}

const view = (job: FakeJob): unknown => ({
  data: {
    type: 'profile-bulk-import-job',
    id: job.id,
    attributes: {
      status: job.status,
      created_at: now,
      total_count: job.profiles.length,
      completed_count: job.profiles.length - job.errors.length,
      failed_count: job.errors.length,
    },
    links: { self: `${origin}/api/profile-bulk-import-jobs/${job.id}` },
  },
});

/** Three at a time, so that pages have to be turned. */
function errorPage(job: FakeJob, from: number, state: KlaviyoState): HttpAnswer {
  const page = job.errors.slice(from, from + 3);
  const self = `${origin}/api/profile-bulk-import-jobs/${job.id}/import-errors`;
  return {
    body: {
      data: page.map(({ place, error }, index) => ({
        type: 'import-error',
        id: `error${from + index}`,
        attributes: {
          code: error.code,
          title: error.title,
          detail: error.detail,
          source: {
            pointer:
              state.errorsName === 'place'
                ? `/data/attributes/profiles/data/${place}${error.pointer}`
                : '/data',
          },
          ...(state.errorsName === 'payload' && { original_payload: job.profiles[place] }),
        },
      })),
      links: {
        self,
        next: from + 3 < job.errors.length ? `${self}?page%5Bcursor%5D=${from + 3}` : null,
      },
    },
  };
}

function takeEvents(request: ReceivedRequest, state: KlaviyoState): HttpAnswer {
  type Input = {
    attributes: {
      profile: { data: ProfileInput };
      events: {
        data: { attributes: { unique_id: string; metric: { data: { attributes: { name: string } } } } }[];
      };
    };
  };
  const { data } = request.json<{ data: { attributes: { 'events-bulk-create': { data: Input[] } } } }>();
  const inputs = data.attributes['events-bulk-create'].data;
  if (inputs.length > 1000) return failure(400, 'invalid', 'at most 1,000 events');
  const wrong = inputs.flatMap(({ attributes }, place) => {
    const email = attributes.profile.data.attributes.email;
    return typeof email === 'string' && !email.includes('@') ? [{ place, email }] : [];
  });
  if (wrong.length > 0)
    return {
      status: 400,
      body: {
        errors: wrong.map(({ place, email }) =>
          problem(
            '400',
            'invalid',
            `Invalid email address: ${email}`,
            `/data/attributes/events-bulk-create/data/${place}/attributes/profile/data/attributes/email`,
          ),
        ),
      },
    };
  for (const { attributes } of inputs) {
    for (const event of attributes.events.data) {
      const { unique_id: id } = event.attributes;
      if (!state.events.has(id))
        state.events.set(id, { ...event.attributes, profile: attributes.profile.data });
    }
  }
  return { status: 202 };
}

/** `any(email,["a","b"])`. */
function findProfiles(filter: string, state: KlaviyoState): HttpAnswer {
  const [, by = '', list = '[]'] = /^any\((\w+),(\[.*\])\)$/s.exec(filter) ?? [];
  const values = JSON.parse(list) as string[];
  const found = values.flatMap((value) => state.profiles.find(by, value) ?? []);
  const data = found.map(({ id, attributes }) => ({ type: 'profile', id, attributes }));
  return { body: { data, links: { self: `${origin}/api/profiles` } } };
}

function changeMembers(request: ReceivedRequest, members: Set<string>, state: KlaviyoState): HttpAnswer {
  const { data } = request.json<{ data: { id: string }[] }>();
  if (data.length > 1000) return failure(400, 'invalid', 'at most 1,000 profiles');
  const unknown = data.find(({ id }) => !state.profiles.byId.has(id));
  if (unknown) return failure(404, 'not_found', `Profile ${unknown.id} does not exist.`);
  for (const { id } of data) members[request.method === 'POST' ? 'add' : 'delete'](id);
  return { status: 204 };
}

function listPage(from: number, state: KlaviyoState): HttpAnswer {
  const ids = [...state.lists.keys()];
  const data = ids.slice(from, from + 10).map((id) => ({
    type: 'list',
    id,
    attributes: { name: id === 'L5' ? 'Newsletter' : `List ${id}` },
    links: { self: `${origin}/api/lists/${id}` },
  }));
  const self = `${origin}/api/lists`;
  const next = from + 10 < ids.length ? `${self}?page%5Bcursor%5D=${from + 10}` : null;
  return { body: { data, links: { self, next } } };
}

const account = {
  type: 'account',
  id: 'AbC123',
  attributes: { contact_information: { organization_name: 'Acme' } },
  links: { self: `${origin}/api/accounts/AbC123` },
};

const problem = (status: string, code: string, detail: string, pointer = '/data') => ({
  id: '4f739784-390b-4df3-acd8-6eb07d60e6b4',
  status,
  code,
  title: 'Invalid input.',
  detail,
  source: { pointer },
});

function failure(status: number, code: string, detail: string, pointer?: string): HttpAnswer {
  return { status, body: { errors: [problem(String(status), code, detail, pointer)] } };
}
