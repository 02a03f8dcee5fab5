import { changeClasses } from '@sluice/domain/change';
import type { Value } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { DestinationRecord } from '../../../kit/destination.ts';
import type { ApiSession } from '../../../kit/http/api-client.ts';
import type { ApiObject } from '../../../kit/http/api-object.ts';
import { type ApiRequest, formBody } from '../../../kit/http/api-request.ts';
import { RequestFailed } from '../../../kit/http/request-failed.ts';
import { delivered, type Route, RowRejected, rejected } from '../../../kit/http/route.ts';
import { valueAtPath } from '../../../kit/http/value-at-path.ts';
import { optionText } from '../../../kit/object-options.ts';
import { columnsOfTemplate, compileTemplate } from '../../../kit/template.ts';
import { escapeRow } from '../escape-text.ts';
import { readPages } from '../pages.ts';
import { byRow, messageOptions } from './message-options.ts';

/** Slack cuts longer texts. https://docs.slack.dev/reference/methods/chat.postMessage#truncating (2026-11) */
const textMax = 40_000;
/** Codes that condemn a fixed channel, and with it every message. */
const channelCodes = ['channel_not_found', 'is_archived', 'not_in_channel', 'restricted_action'];

/** A message for each row. Slack cannot tell a repetition, so a batch is one message. */
export const messages: ApiObject = {
  id: 'messages',
  label: 'Messages',
  modes: ['trigger'],
  mapping: 'template',
  async describe(client) {
    const types = 'public_channel,private_channel';
    const found = await readPages(client, 'conversations.list', 'channels', {
      exclude_archived: true,
      types,
      limit: 1000,
    });
    const channels = found
      .map((channel) => ({
        id: String(valueAtPath(channel, 'id')),
        name: String(valueAtPath(channel, 'name')),
      }))
      .sort((a, b) => a.name.localeCompare(b.name, 'en'));
    return { fields: [], options: messageOptions(channels) };
  },
  validate: findTemplateProblems,
  columnsUsed: (sync) => columnsOf(templatesOf(sync, changeClasses)),
  columnsForRemoval: (sync) =>
    sync.triggers.includes('removed') ? columnsOf(templatesOf(sync, ['removed'])) : [],
  // About one message a second in a channel. https://docs.slack.dev/apis/web-api/rate-limits (2026-11)
  limits: { batchRowsMax: 1, concurrency: 1, requests: [{ count: 1, perMs: 1000 }] },
  routes({ sync, variables }) {
    const route = messageRoute(sync, variables);
    return () => route;
  },
};

function messageRoute(sync: SyncConfiguration, variables: Readonly<Record<string, Value>>): Route {
  const option = (name: string): string => optionText(messageOptions([]), sync.options, name);
  const fixed = option('channel') === byRow ? null : option('channel');
  const blocks = option('format') === 'blocks';
  const unfurl = option('unfurl') === 'true';
  const recipientOf = fixed === null ? compileTemplate(option('recipient')) : null;
  const renderers = new Map(sync.triggers.map((name) => [name, compileTemplate(option(name))]));
  /** People by address: found once per run. */
  const people = new Map<string, string>();

  const contextOf = (record: DestinationRecord) => ({ ...variables, 'change-class': record.class });
  const contentOf = (record: DestinationRecord): Record<string, string> => {
    const render = renderers.get(record.class);
    const text = render?.({ row: escapeRow(record.row), context: contextOf(record) }).trim() ?? '';
    if (text === '') throw new RowRejected('no_text', 'The template makes no text of this row.');
    if (!blocks) {
      if (text.length <= textMax) return { text };
      throw new RowRejected(
        'msg_too_long',
        `The message has ${text.length} characters, and Slack takes 40,000.`,
      );
    }
    return { blocks: JSON.stringify(blocksOf(text)), text: plainTextOf(text) };
  };
  const recipient = (record: DestinationRecord): string => {
    if (fixed !== null) return fixed;
    const rendered = recipientOf?.({ row: record.row, context: contextOf(record) }).trim() ?? '';
    if (rendered === '') throw new RowRejected('recipient_missing', 'The row names no recipient.');
    return rendered;
  };
  const post = (item: string, channel?: string): ApiRequest => {
    const form = JSON.parse(item) as Record<string, string>;
    const flag = unfurl ? 'true' : 'false';
    const settings = { unfurl_links: flag, unfurl_media: flag };
    return {
      method: 'POST',
      path: '/chat.postMessage',
      body: formBody({ ...form, ...settings, ...(channel !== undefined && { channel }) }),
    };
  };
  return {
    name: 'message',
    batch: { rows: 1 },
    encode: (record) => JSON.stringify({ channel: recipient(record), ...contentOf(record) }),
    request: ({ items }) => post(items[0] ?? '{}'),
    read: () => [delivered],
    async send({ items }, session) {
      const item = items[0] ?? '{}';
      const named = String(valueAtPath(JSON.parse(item), 'channel'));
      const channel = named.includes('@') ? await findPerson(session, named, people) : named;
      if (channel === null)
        return [rejected('users_not_found', `Slack knows nobody with the address ${named}.`)];
      try {
        await session.send(post(item, channel));
      } catch (thrown) {
        const code = codeOf(thrown);
        if (code === 'not_in_channel' && (await joins(session, channel)))
          await session.send(post(item, channel));
        else if (fixed !== null && code !== null && channelCodes.includes(code)) throw channelLost(code);
        else throw thrown;
      }
      return [delivered];
    },
  };
}

async function findPerson(
  session: ApiSession,
  email: string,
  known: Map<string, string>,
): Promise<string | null> {
  const found = known.get(email);
  if (found !== undefined) return found;
  try {
    const request = { method: 'GET', path: '/users.lookupByEmail', query: { email }, reads: true } as const;
    const id = String(valueAtPath((await session.send(request)).body, 'user.id'));
    if (known.size >= 10_000) known.clear();
    known.set(email, id);
    return id;
  } catch (thrown) {
    if (codeOf(thrown) === 'users_not_found') return null;
    throw thrown;
  }
}

/** The bot may let itself into public channels. */
async function joins(session: ApiSession, channel: string): Promise<boolean> {
  try {
    await session.send({
      method: 'POST',
      path: '/conversations.join',
      body: formBody({ channel }),
      reads: true,
    });
    return true;
  } catch (thrown) {
    if (thrown instanceof RequestFailed && thrown.failure.kind !== 'rows') return false;
    throw thrown;
  }
}

const codeOf = (thrown: unknown): string | null =>
  thrown instanceof RequestFailed && thrown.failure.kind === 'refused' ? thrown.failure.code : null;

const channelLost = (code: string): SluiceError =>
  new SluiceError('destination_object_missing', `Slack takes no message for this channel (${code}).`, {
    fix:
      code === 'not_in_channel'
        ? 'Invite the app to the channel: /invite @app.'
        : 'Choose another channel in the sync, or bring this one back.',
  });

function blocksOf(text: string): unknown[] {
  try {
    const blocks: unknown = JSON.parse(text);
    if (Array.isArray(blocks)) return blocks as unknown[];
  } catch {
    // Said below.
  }
  throw new RowRejected('blocks_invalid', 'The template makes no JSON list of blocks of this row.');
}

/** What notifications show, and people who cannot see blocks. */
const plainTextOf = (blocks: string): string =>
  [...blocks.matchAll(/"text"\s*:\s*"((?:[^"\\]|\\.)*)"/g)]
    .map(([, text]) => JSON.parse(`"${text ?? ''}"`) as string)
    .join(' ')
    .slice(0, 1000) || 'Message';

function templatesOf(sync: SyncConfiguration, classes: readonly string[]): string[] {
  const names = [...classes.filter((name) => sync.triggers.some((trigger) => trigger === name)), 'recipient'];
  return names.flatMap((name) => {
    const template = sync.options[name];
    return typeof template === 'string' ? [template] : [];
  });
}

function columnsOf(templates: readonly string[]): readonly string[] | 'all' {
  const used = templates.map((template) => {
    try {
      return columnsOfTemplate(template);
    } catch {
      return [];
    }
  });
  return used.includes('all') ? 'all' : [...new Set(used.flat())];
}

function findTemplateProblems(sync: SyncConfiguration, columns: readonly string[]): Record<string, string> {
  const problems: Record<string, string> = {};
  if (sync.mappings.length > 0)
    problems.mappings = 'Messages have no mappings: columns go into the text, as {{ row.name }}.';
  for (const name of [...sync.triggers, 'recipient']) {
    const template = sync.options[name];
    if (typeof template !== 'string') continue;
    try {
      const used = columnsOfTemplate(template);
      const missing = used === 'all' ? undefined : used.find((column) => !columns.includes(column));
      if (missing !== undefined) problems[`options.${name}`] = `The model has no column "${missing}".`;
    } catch (thrown) {
      if (!(thrown instanceof SluiceError)) throw thrown;
      problems[`options.${name}`] = thrown.message;
    }
  }
  return problems;
}
