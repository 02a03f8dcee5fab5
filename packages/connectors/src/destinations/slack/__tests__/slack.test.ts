import { slackToken, startSlack } from '@sluice/testing/vendors/slack/start-slack';
import { describe, expect, it } from 'vitest';
import { configurationOf, deliverOnce, recordsOf } from '../../__tests__/destination-context.ts';
import { useVendor } from '../../__tests__/use-vendor.ts';
import { slackDestination } from '../definition.ts';

const world = useVendor(slackDestination, startSlack, (url) => ({ botToken: slackToken, baseUrl: url }));
const sync = (
  options: Record<string, unknown>,
  triggers: ('added' | 'changed' | 'removed')[] = ['added'],
) => ({
  object: 'messages',
  mode: 'trigger' as const,
  triggers,
  options: { channel: 'C1', added: 'New: *{{ row.name }}*', ...options },
});
const texts = () => world.vendor.state.messages.map(({ text }) => text);
const ada = { row: { name: 'Ada', mail: 'ada@example.com' } };

describe('messages', () => {
  it('differ by what happened to the row', async () => {
    const writer = await world.writerOf(
      sync(
        { changed: '{{ row.name }} changed in run {{ context.run-id }}', removed: '{{ row.name }} left' },
        ['added', 'changed', 'removed'],
      ),
      42,
    );
    for (const operation of ['create', 'update', 'delete'] as const)
      await deliverOnce(writer, recordsOf(operation, [ada]));
    expect(texts()).toEqual(['New: *Ada*', 'Ada changed in run 42', 'Ada left']);
    expect(world.vendor.state.messages[0]).toMatchObject({ channel: 'C1', unfurl_links: 'false' });
  });

  it('never let a value speak to Slack', async () => {
    const writer = await world.writerOf(sync({}));
    await deliverOnce(
      writer,
      recordsOf('create', [{ row: { name: '<!channel> & <https://evil.example|click>' } }]),
    );
    expect(texts()).toEqual(['New: *&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;*']);
  });

  it('go to people by address, looked up once', async () => {
    const writer = await world.writerOf(sync({ channel: 'row', recipient: '{{ row.mail }}' }));
    for (const _ of [1, 2]) await deliverOnce(writer, recordsOf('create', [ada]));
    expect(world.vendor.state.messages.map(({ channel }) => channel)).toEqual(['U1AAAAAAA', 'U1AAAAAAA']);
    expect(world.vendor.requests.filter(({ path }) => path.includes('lookupByEmail'))).toHaveLength(1);
    const rows = [{ row: { name: 'N', mail: 'nobody@example.com' } }, { row: { name: 'N', mail: null } }];
    const outcomes = [];
    for (const row of rows)
      outcomes.push(...(await deliverOnce(writer, recordsOf('create', [row]))).outcomes);
    expect(outcomes).toEqual(['rejected:users_not_found', 'rejected:recipient_missing']);
  });

  it('made of blocks carry their text for those who see none', async () => {
    const blocks = '[{"type":"section","text":{"type":"mrkdwn","text":{{ row.name | json }}}}]';
    const writer = await world.writerOf(sync({ format: 'blocks', added: blocks, unfurl: true }));
    await deliverOnce(writer, recordsOf('create', [ada]));
    expect(world.vendor.state.messages).toMatchObject([{ text: 'Ada', unfurl_links: 'true' }]);
    const broken = await world.writerOf(sync({ format: 'blocks', added: '{{ row.name }}' }));
    const { outcomes } = await deliverOnce(broken, recordsOf('create', [ada]));
    expect(outcomes).toEqual(['rejected:blocks_invalid']);
  });

  it('without text, or with too much of it, are not sent', async () => {
    const writer = await world.writerOf(sync({ added: '{{ row.name }}' }));
    const outcomes = [];
    for (const name of ['', 'x'.repeat(40_001)])
      outcomes.push(...(await deliverOnce(writer, recordsOf('create', [{ row: { name } }]))).outcomes);
    expect(outcomes).toEqual(['rejected:no_text', 'rejected:msg_too_long']);
    expect(world.vendor.requests).toEqual([]);
  });

  it('let the bot into a public channel first', async () => {
    const writer = await world.writerOf(sync({ channel: 'C2' }));
    expect((await deliverOnce(writer, recordsOf('create', [ada]))).outcomes).toEqual(['delivered']);
    expect(world.vendor.state.channels.get('C2')).toMatchObject({ joined: true });
  });

  it.each([
    ['C3', 'is_archived'],
    ['C4', 'not_in_channel'],
    ['C9', 'channel_not_found'],
  ])('to a fixed channel that takes none stop the run: %s', async (channel, code) => {
    const writer = await world.writerOf(sync({ channel }));
    const failure = await deliverOnce(writer, recordsOf('create', [ada])).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'destination_object_missing',
      message: expect.stringContaining(code),
    });
  });

  it('are checked before they are saved', async () => {
    const columns = ['name', 'mail'];
    await expect(world.problemsOf(sync({}), columns)).resolves.toEqual({});
    await expect(
      world.problemsOf(
        sync({ channel: 'C9', added: '{{ row.plan }}', changed: '{{ row.name' }, [
          'added',
          'changed',
          'removed',
        ]),
        columns,
      ),
    ).resolves.toEqual({
      'options.channel': 'Channel: "C9" is not offered.',
      'options.added': 'The model has no column "plan".',
      'options.changed': expect.any(String),
      'options.removed': 'Message for removed rows is missing.',
    });
    await expect(world.problemsOf(sync({ channel: 'row' }), columns)).resolves.toEqual({
      'options.recipient': 'Recipient is missing.',
    });
  });

  it('use the columns of their templates, and keep those of removed rows', () => {
    const connection = world.connect();
    const both = configurationOf(
      sync({ channel: 'row', recipient: '{{ row.mail }}', removed: '{{ row.reason }}' }, [
        'added',
        'removed',
      ]),
    );
    expect(connection.columnsUsed(both)).toEqual(['name', 'reason', 'mail']);
    expect(connection.columnsNamed(both)).toEqual(['name', 'reason', 'mail']);
    expect(connection.columnsForRemoval(both)).toEqual(['reason', 'mail']);
    expect(connection.columnsForRemoval(configurationOf(sync({})))).toEqual([]);
  });

  it('offer every channel, over all pages', async () => {
    const { options } = await world.connect().describeObject('messages');
    const channel = options?.find(({ name }) => name === 'channel');
    expect(channel?.options?.map(({ label }) => label)).toEqual([
      '#board',
      '#news',
      '#sales',
      'Chosen by each row',
    ]);
  });
});

describe('user groups', () => {
  const group = (to: string) => ({
    object: 'group-S1',
    mode: 'segment' as const,
    matchKey: { from: to, to },
  });
  const members = () => [...(world.vendor.state.groups.get('S1') ?? [])];

  it('gain and lose members, and keep those that nobody spoke of', async () => {
    const writer = await world.writerOf(group('email'));
    const rows = [{ match: 'ADA@example.com' }, { match: 'nobody@example.com' }];
    const { outcomes } = await deliverOnce(writer, recordsOf('add', rows));
    expect(outcomes).toEqual(['delivered', 'rejected:users_not_found']);
    expect(members()).toEqual(['U3EEEEEEE', 'U1AAAAAAA']);
    const left = await deliverOnce(writer, recordsOf('remove', rows));
    expect(left.outcomes).toEqual(['delivered', 'delivered']);
    expect(members()).toEqual(['U3EEEEEEE']);
  });

  it('cannot lose their last member, and say so', async () => {
    const writer = await world.writerOf(group('user_id'));
    const { outcomes } = await deliverOnce(writer, recordsOf('remove', [{ match: 'U3EEEEEEE' }]));
    expect(outcomes).toEqual(['rejected:no_users_provided']);
  });

  it('are written by one request at a time, over all workers', async () => {
    const writer = await world.writerOf(group('user_id'));
    expect(writer.limits).toMatchObject({ concurrency: 1, sharedConcurrency: 1 });
  });
});

it('names the scopes that the token lacks', async () => {
  world.vendor.state.scopes = 'users:read';
  const results = await Array.fromAsync(world.connect().check());
  expect(results.at(-1)).toMatchObject({
    status: 'failed',
    fix: expect.stringContaining('chat:write, channels:read'),
  });
});
