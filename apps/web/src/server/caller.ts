import { clientAddress } from '@sluice/api/http/client-address';
import type { NextRequest } from 'next/server';
import { services } from './services.ts';
import { readSession, type SessionClaim, sessionCookie } from './session-cookie.ts';

/** Who a request with cookies says it is from, and where it came from. */
export async function callerOf(
  request: NextRequest,
): Promise<{ session: SessionClaim | null; address: string }> {
  const { name } = sessionCookie(services().settings.publicUrl);
  return {
    session: await readSession(request.cookies.get(name)?.value),
    address: clientAddress(request.headers),
  };
}
