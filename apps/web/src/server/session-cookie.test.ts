import { encode } from 'next-auth/jwt';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readSession, sessionCookie, writeSession } from './session-cookie.ts';

const secret = 'a-secret-of-at-least-32-characters-0001';
const http = 'http://localhost:3000';

beforeEach(() => void vi.stubEnv('NEXTAUTH_SECRET', secret));
afterEach(() => void vi.unstubAllEnvs());

const valueIn = (setCookie: string) => /^[^=]+=([^;]*)/.exec(setCookie)?.[1];

describe('the session cookie', () => {
  test('carries the person and the version, and nothing else can read it', async () => {
    const cookie = await writeSession(http, { userId: 7, sessionVersion: 3 });
    expect(await readSession(valueIn(cookie))).toEqual({ userId: 7, sessionVersion: 3 });
    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/);
  });

  test('is tied to the host over HTTPS', async () => {
    const cookie = await writeSession('https://sluice.example.com', { userId: 7, sessionVersion: 3 });
    expect(cookie).toMatch(/^__Host-sluice-session=.*; Path=\/; .*; Secure$/);
    expect(sessionCookie('https://sluice.example.com').options).toMatchObject({
      secure: true,
      httpOnly: true,
    });
  });

  test.each([undefined, '', 'garbage', 'a.b.c.d.e'])('means nobody when it is %j', async (value) => {
    expect(await readSession(value)).toBeNull();
  });

  test('means nobody under another secret, after its time, or without a person', async () => {
    const claim = { userId: 7, sessionVersion: 3 };
    expect(await readSession(await encode({ token: claim, secret: `${secret}x` }))).toBeNull();
    expect(await readSession(await encode({ token: claim, secret, maxAge: -60 }))).toBeNull();
    expect(await readSession(await encode({ token: { userId: '7', sessionVersion: 3 }, secret }))).toBeNull();
  });

  test('is refused a secret that is too short', async () => {
    vi.stubEnv('NEXTAUTH_SECRET', 'short');
    await expect(writeSession(http, { userId: 1, sessionVersion: 1 })).rejects.toThrow(/NEXTAUTH_SECRET/);
  });
});
