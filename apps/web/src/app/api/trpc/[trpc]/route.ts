import { clientAddress } from '@sluice/api/http/client-address';
import { handleTrpc } from '@sluice/api/trpc/handle-trpc';
import type { NextRequest } from 'next/server';
import { keepSession } from '#server/keep-session.ts';
import { services } from '#server/services.ts';
import { readSession, sessionCookie } from '#server/session-cookie.ts';

async function handle(request: NextRequest): Promise<Response> {
  const context = services();
  const cookie = request.cookies.get(sessionCookie(context.settings.publicUrl).name)?.value;
  const session = await readSession(cookie);
  const response = await handleTrpc(context, request, { session, address: clientAddress(request.headers) });
  return keepSession(context.settings.publicUrl, session, request, response);
}

export { handle as GET, handle as POST };
