import type { HttpAnswer, ReceivedRequest } from '../../http-server.ts';
import { startVendor, type VendorServer } from '../vendor-server.ts';

/** What the fake workspace holds. */
export interface SlackState {
  readonly messages: Record<string, string>[];
  readonly channels: Map<string, { name: string; joined: boolean; archived: boolean; open: boolean }>;
  readonly people: Map<string, string>;
  readonly groups: Map<string, Set<string>>;
  scopes: string;
}

export const slackToken = 'xoxb-fake-0123456789';

/** A Slack workspace with three people, the channels sales and news, an archived one, and the group @heroes (S1). */
export const startSlack = (): Promise<VendorServer<SlackState>> =>
  startVendor<SlackState>({
    spec: 'slack',
    basePath: '/api',
    shortAnswers: true,
    // The description wants the token as a parameter; Slack itself wants it in the header.
    // https://docs.slack.dev/authentication/tokens (2026-11)
    tolerates: (problem) => /lacks token$/.test(problem),
    state: {
      messages: [],
      channels: new Map([
        ['C1', { name: 'sales', joined: true, archived: false, open: true }],
        ['C2', { name: 'news', joined: false, archived: false, open: true }],
        ['C3', { name: 'old', joined: true, archived: true, open: true }],
        ['C4', { name: 'board', joined: false, archived: false, open: false }],
      ]),
      people: new Map([
        ['ada@example.com', 'U1AAAAAAA'],
        ['bob@example.com', 'U2BBBBBBB'],
        ['eve@example.com', 'U3EEEEEEE'],
      ]),
      groups: new Map([['S1', new Set(['U3EEEEEEE'])]]),
      scopes: 'chat:write,channels:read,users:read.email',
    },
    authorised: ({ headers }) => headers.authorization === `Bearer ${slackToken}`,
    unauthorised: { body: { ok: false, error: 'invalid_auth' } },
    throttled: { status: 429, body: { ok: false, error: 'ratelimited' } },
    reads: ({ path }) => path.endsWith('/conversations.join'),
    handle,
  });

function handle(request: ReceivedRequest, state: SlackState): HttpAnswer {
  const { pathname, searchParams } = new URL(request.path, 'http://vendor');
  const form = Object.fromEntries(new URLSearchParams(request.body));
  switch (pathname.replace('/api/', '')) {
    case 'auth.test':
      return {
        headers: { 'x-oauth-scopes': state.scopes },
        body: {
          ok: true,
          team: 'Acme',
          team_id: 'T12345678',
          user: 'sluice',
          user_id: 'U12345678',
          url: 'https://acme.slack.com/',
        },
      };
    case 'conversations.list': {
      // Two pages, so that nobody forgets the second.
      const all = [...state.channels]
        .filter(([, { archived }]) => !archived)
        .map(([id, { name }]) => ({ id, name }));
      const from = Number(searchParams.get('cursor') ?? 0);
      const next = from + 2 < all.length ? String(from + 2) : '';
      return {
        body: { ok: true, channels: all.slice(from, from + 2), response_metadata: { next_cursor: next } },
      };
    }
    case 'conversations.join': {
      const channel = state.channels.get(form.channel ?? '');
      if (!channel?.open) return refuse('method_not_supported_for_channel_type');
      channel.joined = true;
      return { body: { ok: true } };
    }
    case 'users.lookupByEmail': {
      const id = state.people.get(searchParams.get('email') ?? '');
      return id ? { body: { ok: true, user: { id } } } : refuse('users_not_found');
    }
    case 'users.list': {
      const members = [...state.people].map(([email, id]) => ({ id, deleted: false, profile: { email } }));
      return { body: { ok: true, members, response_metadata: { next_cursor: '' } } };
    }
    case 'usergroups.list':
      return { body: { ok: true, usergroups: [...state.groups].map(([id]) => ({ id, handle: 'heroes' })) } };
    case 'usergroups.users.list': {
      const group = state.groups.get(searchParams.get('usergroup') ?? '');
      return group ? { body: { ok: true, users: [...group] } } : refuse('no_such_subteam');
    }
    case 'usergroups.users.update': {
      const users = (form.users ?? '').split(',').filter(Boolean);
      if (!state.groups.has(form.usergroup ?? '')) return refuse('no_such_subteam');
      if (users.length === 0) return refuse('no_users_provided');
      if (users.some((user) => ![...state.people.values()].includes(user))) return refuse('invalid_users');
      state.groups.set(form.usergroup ?? '', new Set(users));
      return { body: { ok: true, usergroup: { id: form.usergroup } } };
    }
    case 'chat.postMessage':
      return post(form, state);
    default:
      return refuse('unknown_method');
  }
}

function post(form: Record<string, string>, state: SlackState): HttpAnswer {
  const channel = state.channels.get(form.channel ?? '');
  const person = [...state.people.values()].includes(form.channel ?? '');
  if (!channel && !person) return refuse('channel_not_found');
  if (channel?.archived) return refuse('is_archived');
  if (channel && !channel.joined) return refuse('not_in_channel');
  if (!form.text) return refuse('no_text');
  if (form.text.length > 40_000) return refuse('msg_too_long');
  if (form.text.includes('forbidden word')) return refuse('message_limit_exceeded');
  state.messages.push(form);
  return {
    body: {
      ok: true,
      channel: form.channel,
      ts: `1763800000.${String(state.messages.length).padStart(6, '0')}`,
      message: {},
    },
  };
}

const refuse = (error: string): HttpAnswer => ({ body: { ok: false, error } });
