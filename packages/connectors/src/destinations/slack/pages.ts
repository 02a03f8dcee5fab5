import type { ApiClient } from '../../kit/http/api-client.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';

/** Every item of a list that Slack gives in pages. https://docs.slack.dev/apis/web-api/pagination (2026-11) */
export async function readPages(
  client: ApiClient,
  method: string,
  list: string,
  query: Readonly<Record<string, string | number | boolean>>,
): Promise<unknown[]> {
  const items: unknown[] = [];
  for (let cursor: string | undefined; ; ) {
    const { body } = await client.read({ method: 'GET', path: `/${method}`, query: { ...query, cursor } });
    const page = valueAtPath(body, list);
    if (Array.isArray(page)) items.push(...(page as unknown[]));
    const next = valueAtPath(body, 'response_metadata.next_cursor');
    if (typeof next !== 'string' || next === '' || next === cursor) return items;
    cursor = next;
  }
}
