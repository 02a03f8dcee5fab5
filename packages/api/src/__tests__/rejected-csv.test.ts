import { createTestMember } from '@sluice/services/testing/create-test-member';
import { openTestWorld, type TestWorld } from '@sluice/services/testing/open-test-world';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedConsole, serveConsole } from '../testing/serve-console.ts';

let world: TestWorld;
let console: ServedConsole;
let runId: number;
beforeAll(async () => {
  world = await openTestWorld();
  const { session } = await createTestMember(world.ctx, 'acme');
  console = await serveConsole(world.ctx, session);
  await world.target.run(
    'create table public.people (id int, note text, amount numeric)',
    `insert into public.people values (1, '=HYPERLINK("http://evil.example")', -2.5), (2, '@SUM(A1), "quoted"', 3),
      (3, E'+1\\nsecond line', null), (4, 'fine', 1)`,
  );
  world.server.handle(({ path }) =>
    path === '/4' ? {} : { status: 422, headers: { 'content-type': 'text/plain' }, body: '-not like this' },
  );
  const request = { method: 'POST', url: '/{{ row.id }}', body: '{{ row | json }}', bodyType: 'json' };
  const modelId = await world.model({ sql: 'select id, note, amount from public.people' });
  const sync = await world.sync({
    modelId,
    to: 'http',
    configuration: {
      object: 'request',
      mode: 'trigger',
      options: { added: request, changed: request, removed: request },
    },
  });
  runId = (await world.run(sync.id)).id;
});
afterAll(async () => {
  await console.close();
  await world.close();
});

const download = (id: number | string, workspace = 'acme') =>
  fetch(`${console.url}/api/console/runs/${id}/rejected.csv?workspace=${workspace}`);

test('rejected rows are a download in which nothing is a formula and numbers stay numbers', async () => {
  const response = await download(runId);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(response.headers.get('content-disposition')).toBe(
    `attachment; filename="run-${runId}-rejected.csv"`,
  );
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const bytes = Buffer.from(await response.arrayBuffer());
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const text = bytes.subarray(3).toString('utf8');
  const [head] = text.split('\r\n');
  expect(head).toBe('primary_key,change,reason_code,reason,id,note,amount');
  expect(text).toContain(`,1,"'=HYPERLINK(""http://evil.example"")",-2.5\r\n`);
  expect(text).toContain(`,2,"'@SUM(A1), ""quoted""",3\r\n`);
  expect(text).toContain(`,3,"'+1\nsecond line",\r\n`);
  expect(text).not.toContain('fine');
});

test('a run of another workspace, and none at all, are not found', async () => {
  const other = await createTestMember(world.ctx, 'other');
  const theirs = await serveConsole(world.ctx, other.session);
  const read = (id: string, workspace: string) =>
    fetch(`${theirs.url}/api/console/runs/${id}/rejected.csv?workspace=${workspace}`);
  for (const answer of [
    await read(String(runId), 'other'),
    await read(String(runId), 'acme'),
    await download(999_999),
    await download('x'),
  ]) {
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'not_found', requestId: expect.any(String) });
  }
  await theirs.close();
});
