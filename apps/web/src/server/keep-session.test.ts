import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keepSession } from './keep-session.ts';
import { readSession } from './session-cookie.ts';

const url = 'http://localhost:3000';
const answer = { result: { data: { json: { sessionVersion: 9 } } } };

beforeEach(() => void vi.stubEnv('NEXTAUTH_SECRET', 'a-secret-of-at-least-32-characters-0001'));
afterEach(() => void vi.unstubAllEnvs());

const request = (procedure: string) =>
  new Request(`${url}/api/trpc/${procedure}?batch=1`, { method: 'POST' });

describe('keepSession', () => {
  test.each([[answer], [[answer]]])('gives the caller the new version', async (body) => {
    const response = await keepSession(
      url,
      { userId: 4 },
      request('account.changePassword'),
      Response.json(body),
    );
    const value = /^sluice-session=([^;]*)/.exec(response.headers.get('set-cookie') ?? '')?.[1];
    expect(await readSession(value)).toEqual({ userId: 4, sessionVersion: 9 });
    expect(await response.json()).toEqual(body);
  });

  test.each([
    ['another procedure', 'account.update', { userId: 4 }, 200, answer],
    ['a refusal', 'account.changePassword', { userId: 4 }, 401, answer],
    ['nobody', 'account.changePassword', null, 200, answer],
    ['a batch of several', 'account.changePassword', { userId: 4 }, 200, [answer, answer]],
    ['an answer without a version', 'account.endOtherSessions', { userId: 4 }, 200, { result: {} }],
  ])('gives nothing for %s', async (_, procedure, session, status, body) => {
    const response = await keepSession(url, session, request(procedure), Response.json(body, { status }));
    expect(response.headers.get('set-cookie')).toBeNull();
  });
});
