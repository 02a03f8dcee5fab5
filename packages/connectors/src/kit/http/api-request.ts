/** A request to a vendor's API, before credentials are added. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the base URL, values encoded (`apiPath`). */
  readonly path: string;
  /** Left out where the value is `undefined`. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** Changes nothing at the vendor: when no answer comes it may be sent again without a doubt. */
  readonly reads?: true;
  /** What a good answer holds: JSON unless said otherwise. Another one proves nothing. */
  readonly answer?: 'json' | 'text' | 'nothing';
  /** Largest answer that is read; 5 MB unless said. */
  readonly answerBytesMax?: number;
}

/** An encoded body. */
export interface RequestBody {
  readonly type: string;
  readonly text: string;
}

/** A good answer. */
export interface ApiAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The text as JSON; `undefined` where it is none. */
  readonly body: unknown;
}

/** A body of JSON text that is encoded already. */
export const jsonText = (text: string, type = 'application/json'): RequestBody => ({ type, text });

/** A form body; `undefined` values are left out. */
export function formBody(values: Readonly<Record<string, string | undefined>>): RequestBody {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) form.append(name, value);
  return { type: 'application/x-www-form-urlencoded', text: form.toString() };
}

/** A path whose values are percent-encoded: apiPath`/lists/${id}/members`. */
export function apiPath(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.map((part, index) => part + encodeURIComponent(String(values[index] ?? ''))).join('');
}

/** The whole URL: the base's path, then the request's, then its query. */
export function requestUrl(baseUrl: URL, { path, query }: Pick<ApiRequest, 'path' | 'query'>): string {
  const url = new URL(baseUrl.origin + baseUrl.pathname.replace(/\/$/, '') + path);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.append(name, String(value));
  }
  return url.href;
}
