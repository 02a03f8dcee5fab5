/**
 * Milliseconds that a `Retry-After` header asks to wait: seconds or an HTTP date, at most `maxMs`, 0 for a date in the
 * past; `undefined` without a header and for anything that is neither.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after (2022)
 */
export function retryAfterMs(header: string | undefined, now: number, maxMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1000), maxMs);
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text)) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  return Math.min(Math.max(at - now, 0), maxMs);
}
