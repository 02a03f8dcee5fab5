// Real clients of the contract against the started product, without a browser: the replays that also run beside the code.
import { expect, test } from '@playwright/test';
import { clientReplays } from '@sluice/testing/client-replay/client-replays';
import { openReplay, type ReplayTarget } from '@sluice/testing/client-replay/open-replay';
import { createCustomer } from './customer.ts';
import { configurationOf, operations } from './operations.ts';

test.describe.configure({ mode: 'serial' });

let target: ReplayTarget;

test.beforeAll(async () => {
  const { send, token } = operations();
  const customer = await createCustomer('replay');
  await customer.query(
    'alter table people drop full_name, drop signed_up, add last_run int, add note text; grant insert, update, delete on people to replay_reader',
  );
  const database = configurationOf(customer);
  target = await openReplay(send, { token, database, endpoint: process.env.E2E_ENDPOINT ?? '' });
});

test('a slash at the end of an address is no redirect', async () => {
  for (const path of ['/sign-in/', '/api/health/', '/api/v1/openapi.json/'])
    expect((await target.get(path)).status, path).toBe(200);
});

for (const { name, replay } of clientReplays) test(name, () => replay(target));

test('the description of the API is public, and everything else asks for a token first', async () => {
  const { status, json } = await target.send('GET', '/api/v1/openapi.json');
  expect(status).toBe(200);
  expect(json.openapi).toBe('3.1.0');
  const huge = { headers: { 'content-type': 'application/json' }, body: 'x'.repeat(2_000_000) };
  for (const path of ['/api/v1/syncs/trigger', '/api/v1/nowhere', '/api/v2/rest/run/1']) {
    expect((await target.send('POST', path, huge)).status).toBe(401);
  }
});

const levels = (count: number) => `${'{"a":'.repeat(count - 1)}{}${'}'.repeat(count - 1)}`;

for (const [what, body, status] of [
  ['more than 1 MB', `{"name":"${'x'.repeat(1_000_001)}"}`, 413],
  ['65 levels', levels(65), 422],
  ['a million brackets', '['.repeat(999_000), 422],
  ['no JSON', '{"name":', 422],
  ['a NUL', '{"name":"a\\u0000b"}', 422],
] as const) {
  test(`a body of ${what} is refused politely, and in time`, async () => {
    const started = performance.now();
    const headers = { authorization: target.bearer, 'content-type': 'application/json' };
    const answer = await target.send('POST', '/api/v1/sources', { headers, body });
    expect(answer.status, answer.text.slice(0, 500)).toBe(status);
    expect(answer.json.details.fix).toEqual(expect.any(String));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
}
