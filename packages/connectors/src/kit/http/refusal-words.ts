import { valueAtPath } from './value-at-path.ts';

const charactersMax = 500;
const paths = [
  'message',
  'error.message',
  'error_description',
  'detail',
  'error',
  'title',
  'errors.0.message',
  'errors.0.detail',
  'errors.0',
];

/** The destination's own words about a refusal, out of JSON, text or an HTML title; empty when there are none. */
export function refusalWords(body: string): string {
  const text = body.trim();
  if (text.startsWith('<')) return shortened(/<title[^>]*>([^<]*)/i.exec(text)?.[1] ?? '');
  if (!text.startsWith('{') && !text.startsWith('[')) return shortened(text);
  try {
    const answer: unknown = JSON.parse(text);
    for (const path of paths) {
      const found = valueAtPath(answer, path);
      if (typeof found === 'string' && found.trim() !== '') return shortened(found);
    }
  } catch {
    // Not JSON after all: show it as it came.
  }
  return shortened(text);
}

function shortened(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > charactersMax ? `${line.slice(0, charactersMax)}…` : line;
}
