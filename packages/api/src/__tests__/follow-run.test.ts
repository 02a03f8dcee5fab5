import { noRunCounts } from '@sluice/domain/change';
import { claimRuns } from '@sluice/services/run/claim-runs';
import { freezeSpecification } from '@sluice/services/run/freeze-specification';
import { createRunStore } from '@sluice/services/run/run-store';
import { triggerSync } from '@sluice/services/sync/trigger-sync';
import { createTestMember, type TestMember } from '@sluice/services/testing/create-test-member';
import { createTestSync } from '@sluice/services/testing/create-test-sync';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import superjson from 'superjson';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedConsole, serveConsole } from '../testing/serve-console.ts';

let ctx: TestContext;
let member: TestMember;
let console: ServedConsole;
beforeAll(async () => {
  ctx = await openTestContext();
  member = await createTestMember(ctx, 'acme');
  console = await serveConsole(ctx, member.session);
});
afterAll(async () => {
  await console.close();
  await ctx.close();
});

interface Item {
  type: 'event' | 'run';
  event?: { message: string };
  run?: { status: string };
}

/** Follows a run as a browser does; `lastEventId` is the header of a connection made again. */
async function follow(runId: number, lastEventId?: string) {
  const input = encodeURIComponent(JSON.stringify(superjson.serialize({ runId })));
  const parameters = encodeURIComponent(JSON.stringify({ workspace: 'acme' }));
  const cut = new AbortController();
  const response = await fetch(
    `${console.url}/api/trpc/run.follow?input=${input}&connectionParams=${parameters}`,
    {
      headers: {
        accept: 'text/event-stream',
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      },
      signal: cut.signal,
    },
  );
  const messages = readMessages(response);
  return { response, messages, cut: () => cut.abort() };
}

/** Messages of an event stream that carry an item, with their ids. */
async function* readMessages(response: Response): AsyncGenerator<{ id: string; item: Item }> {
  let rest = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
      );
      const id = fields.get('id');
      if (id !== undefined) yield { id, item: superjson.deserialize(JSON.parse(fields.get('data') ?? '')) };
    }
  }
}

async function startRun() {
  const sync = await createTestSync(ctx, member.actor.workspaceId);
  await triggerSync(ctx, member.actor, { id: sync.id, resync: 'none', ignoreGuards: false });
  const [claim] = await claimRuns(ctx, { owner: 'one', slots: 1, perWorkspaceMax: 9 });
  if (!claim) throw new Error('nothing to claim');
  const { status, plan } = await freezeSpecification(ctx, claim);
  const store = createRunStore(
    ctx,
    { ...claim, status, plan },
    { append: () => null, flush: async () => {} },
  );
  const say = (from: number, to: number) => {
    for (let line = from; line <= to; line += 1) store.event('info', 'deliver', `line ${line}`);
  };
  return { id: claim.id, store, say };
}

test('a log that is followed over a lost connection has no gap and no line twice', async () => {
  const run = await startRun();
  run.say(1, 5);
  const lines: string[] = [];
  let lastId = '';
  const first = await follow(run.id);
  expect(first.response.headers.get('content-type')).toContain('text/event-stream');
  for await (const { id, item } of first.messages) {
    lastId = id;
    if (item.event) lines.push(item.event.message);
    if (lines.length === 3) break;
  }
  first.cut();

  run.say(6, 9);
  await run.store.enter('deliver');
  const second = await follow(run.id, lastId);
  let status = '';
  for await (const { item } of second.messages) {
    if (item.event) lines.push(item.event.message);
    if (item.run) status = item.run.status;
    if (lines.length === 9 && item.event?.message === 'line 9') {
      run.say(10, 12);
      await run.store.end({ status: 'success', counts: noRunCounts(), ledger: null, error: null });
    }
  }
  expect(lines).toEqual(Array.from({ length: 12 }, (_, index) => `line ${index + 1}`));
  // The stream ends by itself, with the run.
  expect(status).toBe('success');
});

test('a run of another workspace cannot be followed', async () => {
  const other = await createTestMember(ctx, 'other');
  const foreign = await createTestSync(ctx, other.actor.workspaceId);
  const run = await triggerSync(ctx, other.actor, { id: foreign.id, resync: 'none', ignoreGuards: false });
  const { response } = await follow(run.id);
  expect(await response.text()).toContain('not_found');
});
