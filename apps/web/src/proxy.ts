import { type NextRequest, NextResponse } from 'next/server';
import { isDevelopment } from './env.ts';

/**
 * Gives every page a content security policy with a fresh nonce: only scripts of this very answer run. Styles stay
 * open, because the editor and the primitives set style attributes.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const policy = contentSecurityPolicy(nonce, request.nextUrl.protocol === 'https:');
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  headers.set('x-sluice-path', request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

export const config = {
  matcher: ['/((?!api/|_next/static|_next/image|icon.svg|favicon.ico).*)'],
};

function contentSecurityPolicy(nonce: string, secure: boolean): string {
  // React evaluates code in development only, to show where an error came from.
  const development = isDevelopment;
  return [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    `connect-src 'self'${development ? ' ws: wss:' : ''}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
    ...(secure ? ['upgrade-insecure-requests'] : []),
  ].join('; ');
}
