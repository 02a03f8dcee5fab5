import { handleUploadManifest } from '@sluice/api/http/upload-manifest';
import type { NextRequest } from 'next/server';
import { callerOf } from '#server/caller.ts';
import { services } from '#server/services.ts';

export async function PUT(
  request: NextRequest,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  return handleUploadManifest(services(), request, await callerOf(request), await params);
}
