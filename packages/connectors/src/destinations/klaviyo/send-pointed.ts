import type { RecordResult } from '../../kit/destination.ts';
import type { ApiSession } from '../../kit/http/api-client.ts';
import type { ApiAnswer, ApiRequest } from '../../kit/http/api-request.ts';
import { rejected } from '../../kit/http/route.ts';
import { placesNamed } from './pointer.ts';

/**
 * Sends items together. Those that Klaviyo points at are rejected, the request being refused as a whole, and the others are
 * sent without them. Answers the last answer with the places of the items that it took; `null` when none is left.
 */
export async function sendPointed(
  session: ApiSession,
  items: readonly string[],
  request: (items: readonly string[]) => ApiRequest,
  results: (RecordResult | undefined)[],
): Promise<{ answer: ApiAnswer; places: number[] } | null> {
  let places = items.map((_, place) => place).filter((place) => results[place] === undefined);
  while (places.length > 0) {
    const answer = await session.send(request(places.map((place) => items[place] ?? '')));
    const errors = answer.status === 400 ? (placesNamed(answer.body) ?? []) : [];
    for (const { place, code, detail } of errors) {
      const guilty = places[place];
      if (guilty !== undefined) results[guilty] ??= rejected(code, detail);
    }
    const left = places.filter((place) => results[place] === undefined);
    if (answer.status !== 400) return { answer, places: left };
    if (left.length === places.length) {
      // It points at rows that were not there.
      for (const place of left) results[place] = rejected('refused', 'Klaviyo refused the request.');
      return null;
    }
    places = left;
  }
  return null;
}
