/**
 * The address of the client, for rate limits: the entry of `X-Forwarded-For` that the nearest proxy added, which is
 * the last one. Entries before it come from the client and prove nothing.
 */
export function clientAddress(headers: Headers): string {
  const last = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
  return last || 'unknown';
}
