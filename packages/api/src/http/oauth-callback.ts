import { randomUUID } from 'node:crypto';
import { toSluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '@sluice/services/context';
import { finishGrant } from '@sluice/services/oauth/finish-grant';
import { resolveSession, type SessionClaim } from '@sluice/services/session/resolve-session';

/**
 * Answers `GET /api/oauth/callback`: where a vendor sends a person back to, with a code or a refusal. A page without
 * scripts says how it went; the form that the person came from looks for itself.
 */
export async function handleOAuthCallback(
  services: ServiceContext,
  request: Request,
  caller: { session: SessionClaim | null },
): Promise<Response> {
  const requestId = randomUUID();
  const query = new URL(request.url).searchParams;
  try {
    const person = await resolveSession(services, caller.session, requestId);
    const { name } = await finishGrant(
      services,
      person,
      { state: query.get('state') ?? '', code: query.get('code'), error: query.get('error') },
      request.signal,
    );
    return page(200, `Connected with ${name}.`, 'You can close this tab, and go on in the form.', requestId);
  } catch (thrown) {
    const error = toSluiceError(thrown);
    if (error.fault === 'ours') services.log.error({ err: thrown, requestId }, 'sign-in at a vendor failed');
    return page(error.status, error.message, error.fix, requestId);
  }
}

function page(status: number, title: string, text: string, requestId: string): Response {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${htmlOf(title)}</title><body><main><h1>${htmlOf(title)}</h1><p>${htmlOf(text)}</p></main></body></html>`;
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      // The code stands in the address: it must travel nowhere.
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    },
  });
}

const htmlOf = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 63};`);
