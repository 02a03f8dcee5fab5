import { handleOAuthCallback } from '@sluice/api/http/oauth-callback';
import type { NextRequest } from 'next/server';
import { callerOf } from '#server/caller.ts';
import { services } from '#server/services.ts';

export async function GET(request: NextRequest): Promise<Response> {
  return handleOAuthCallback(services(), request, await callerOf(request));
}
