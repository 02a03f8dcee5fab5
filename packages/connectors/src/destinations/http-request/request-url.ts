/** A URL that may be requested, or why not. */
export type ResolvedUrl = { readonly url: string } | { readonly problem: string };

const charactersMax = 16_384;

/**
 * Puts a rendered URL template onto the base URL. A path is appended to the base's path, a query joins the base's;
 * a whole URL must have the base's origin, so that secret headers never travel elsewhere.
 */
export function resolveUrl(baseUrl: URL, rendered: string): ResolvedUrl {
  const text = rendered.trim();
  if (/[\s\p{Cc}]/u.test(text)) {
    return {
      problem: 'The URL holds a space or a line break. Encode values: {{ row.name | url_encode }}.',
    };
  }
  if (text.length > charactersMax) return { problem: `The URL is longer than ${charactersMax} characters.` };
  if (text === '') return { url: baseUrl.href };
  if (text.startsWith('//')) return { problem: otherOrigin(baseUrl) };
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? parse(text) : appended(baseUrl, text);
  if (!url) return { problem: 'The URL cannot be read.' };
  if (url.origin !== baseUrl.origin || url.username !== '' || url.password !== '') {
    return { problem: otherOrigin(baseUrl) };
  }
  url.hash = '';
  return { url: url.href };
}

function appended(baseUrl: URL, text: string): URL | null {
  const [beforeHash = ''] = text.split('#', 1);
  const at = beforeHash.indexOf('?');
  const path = at < 0 ? beforeHash : beforeHash.slice(0, at);
  const query = at < 0 ? '' : beforeHash.slice(at + 1);
  const base = path === '' ? baseUrl.pathname : baseUrl.pathname.replace(/\/$/, '');
  const joined = path === '' || path.startsWith('/') ? path : `/${path}`;
  const queries = [baseUrl.search.slice(1), query].filter((part) => part !== '').join('&');
  return parse(`${baseUrl.origin}${base}${joined}${queries && `?${queries}`}`);
}

const parse = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);

const otherOrigin = (baseUrl: URL): string =>
  `The URL leaves the base URL's origin ${baseUrl.origin}, and the destination's headers must not travel elsewhere.`;
