import { decode, encode } from 'next-auth/jwt';
import { sessionSecret } from './env.ts';

/** Whose session it is, and which version of it. Believed only as far as the account confirms it. */
export interface SessionClaim {
  userId: number;
  sessionVersion: number;
}

export const sessionSeconds = 30 * 86_400;

/** Name and attributes of the session cookie. Over HTTPS its prefix ties it to this very host. */
export function sessionCookie(publicUrl: string) {
  const secure = publicUrl.startsWith('https:');
  return {
    name: secure ? '__Host-sluice-session' : 'sluice-session',
    options: { httpOnly: true, sameSite: 'lax', path: '/', secure } as const,
  };
}

/** What a session cookie says; `null` if it is missing, forged, too old or of another kind. */
export async function readSession(value: string | undefined): Promise<SessionClaim | null> {
  if (!value) return null;
  const token = await decode({ token: value, secret: sessionSecret() }).catch(() => null);
  const { userId, sessionVersion } = token ?? {};
  return typeof userId === 'number' && typeof sessionVersion === 'number' ? { userId, sessionVersion } : null;
}

/** A `Set-Cookie` value for a session, after its version was raised. */
export async function writeSession(publicUrl: string, claim: SessionClaim): Promise<string> {
  const { name, options } = sessionCookie(publicUrl);
  const value = await encode({ token: { ...claim }, secret: sessionSecret(), maxAge: sessionSeconds });
  const secure = options.secure ? '; Secure' : '';
  return `${name}=${value}; Path=/; Max-Age=${sessionSeconds}; HttpOnly; SameSite=Lax${secure}`;
}
