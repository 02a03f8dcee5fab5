import { type HttpServer, startHttpServer } from '@sluice/testing/http-server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openApi } from '../api/api-client.ts';

let server: HttpServer;
beforeAll(async () => {
  server = await startHttpServer();
});
beforeEach(() => void server.requests.splice(0));
afterAll(() => server.close());

const Answer = z.object({ id: z.number() });
const api = () => openApi({ url: `${server.url}/api/v1`, token: 'slc_x' });

/** Answers the first request in one way, and all others in another. */
const answerInTurn = (first: object, then: object) =>
  server.handle(() => (server.requests.length === 1 ? first : then));

test('a read is tried again when the answer is lost or the server is busy', async () => {
  for (const trouble of [
    { status: 500 },
    { status: 503 },
    { fault: 'reset' },
    { status: 502, body: '<html>' },
  ]) {
    server.requests.splice(0);
    answerInTurn(trouble, { body: { id: 1 } });
    expect(await api().send(Answer, '/syncs/1')).toEqual({ id: 1 });
    expect(server.requests).toHaveLength(2);
  }
});

test('what creates something is sent once, unless the server did nothing with it', async () => {
  answerInTurn({ fault: 'reset' }, { body: { id: 1 } });
  const create = { method: 'POST', body: {} } as const;
  await expect(api().send(Answer, '/syncs', create)).rejects.toMatchObject({ code: 'server_unreachable' });
  expect(server.requests).toHaveLength(1);

  server.requests.splice(0);
  const limited = { message: 'Slow down.', details: { code: 'rate_limited' } };
  answerInTurn({ status: 429, headers: { 'retry-after': '1' }, body: limited }, { body: { id: 2 } });
  expect(await api().send(Answer, '/syncs', create)).toEqual({ id: 2 });
  const [first, second] = server.requests;
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(950);
});

test('a redirect is not followed: the token stays here', async () => {
  server.handle(() => ({ status: 308, headers: { location: `${server.url}/elsewhere` } }));
  const sent = api().send(Answer, '/syncs/1');
  await expect(sent).rejects.toMatchObject({ message: expect.stringContaining('not the API of Sluice') });
  expect(server.requests.map(({ path }) => path)).toEqual(['/api/v1/syncs/1']);
});

test('refusals keep code, fields and advice; a token is never part of a message', async () => {
  const details = {
    code: 'input_invalid',
    message: 'No.',
    fix: 'Try.',
    fields: { name: 'Missing.' },
    requestId: 'r1',
  };
  server.handle(() => ({ status: 422, body: { message: 'Validation failed', details } }));
  await expect(api().send(Answer, '/syncs/1')).rejects.toMatchObject({
    code: 'input_invalid',
    message: 'No.',
    fix: 'Try.',
    fields: { name: 'Missing.' },
    details: { requestId: 'r1' },
  });
  server.handle(() => ({ body: '<html>hello</html>' }));
  const failure = await api()
    .send(Answer, '/syncs/1')
    .catch((err: Error) => err);
  expect(String(failure)).not.toContain('slc_x');
});
