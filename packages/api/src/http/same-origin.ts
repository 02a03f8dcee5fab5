/**
 * Whether a request with cookies was made by a page of our own. Browsers send `Sec-Fetch-Site` or `Origin` with each
 * request that could change something; clients that send neither are no browsers and carry no ambient cookies.
 */
export function isSameOrigin(request: Request, publicUrl: string): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') return false;
  const origin = request.headers.get('origin');
  if (origin === null) return true;
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host === new URL(publicUrl).host || host === request.headers.get('host');
}
