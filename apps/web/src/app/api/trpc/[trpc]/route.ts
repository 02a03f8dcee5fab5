import { handleTrpc } from '@sluice/api/trpc/handle-trpc';
import type { NextRequest } from 'next/server';
import { callerOf } from '#server/caller.ts';
import { keepSession } from '#server/keep-session.ts';
import { services } from '#server/services.ts';

async function handle(request: NextRequest): Promise<Response> {
  const caller = await callerOf(request);
  const response = await handleTrpc(services(), request, caller);
  return keepSession(services().settings.publicUrl, caller.session, request, response);
}

export { handle as GET, handle as POST };
