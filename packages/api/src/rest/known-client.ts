/** Clients that need another answer than the vendor's document of today describes, known by their user agent. */
const strictSdk = /^speakeasy-sdk\/go 0\./;
const comparingProvider = /^hightouch_client-go-client\//;

/**
 * Whether a client compares `name` of a sync and `sql` of a model with what it wrote: that document has neither, and
 * answers to all others keep to it. https://github.com/henryupton/terraform-provider-hightouch (November 2026)
 */
export const readsCopies = (request: Request): boolean =>
  comparingProvider.test(request.headers.get('user-agent') ?? '');

const later: Readonly<Record<string, readonly string[]>> = {
  syncs: ['externalSegment', 'tags'],
  models: ['description', 'lastRunSize'],
};

/**
 * The answer as the client can read it: releases of the Go SDK up to 0.31.4 (2024) refuse fields that came later.
 * https://github.com/speakeasy-sdks/hightouch-go-sdk (November 2026)
 */
export async function forClient(request: Request, response: Response): Promise<Response> {
  if (!strictSdk.test(request.headers.get('user-agent') ?? '') || !response.ok) return response;
  const [, noun = ''] =
    /^\/api\/v1\/(syncs|models)(?:\/[^/]+)?\/*$/.exec(new URL(request.url).pathname) ?? [];
  const names = later[noun];
  if (!names || response.status === 204) return response;
  const answer: unknown = await response.json();
  const items = isPage(answer) ? answer.data : [answer];
  for (const item of items) for (const name of names) delete (item as Record<string, unknown>)[name];
  return Response.json(answer, { status: response.status, headers: response.headers });
}

const isPage = (answer: unknown): answer is { data: unknown[] } =>
  typeof answer === 'object' && answer !== null && 'data' in answer && Array.isArray(answer.data);
