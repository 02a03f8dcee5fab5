import { handleRejectedCsv } from '@sluice/api/http/rejected-csv';
import type { NextRequest } from 'next/server';
import { callerOf } from '#server/caller.ts';
import { services } from '#server/services.ts';

export async function GET(
  request: NextRequest,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  return handleRejectedCsv(services(), request, await callerOf(request), await params);
}
