import { SluiceError } from '@sluice/domain/error';

const levelsMax = 64;

/**
 * The value of a JSON text. Throws `input_invalid` for what is no JSON, for values nested deeper than 64 levels, and
 * for characters that no database stores (NUL, half of a surrogate pair), naming where they are.
 */
export function readableJson(text: string): unknown {
  if (depthOf(text) > levelsMax) {
    throw refused('body', `The JSON is nested deeper than ${levelsMax} levels.`, 'Send a flatter body.');
  }
  const value = parse(text);
  const place = placeOfUnstorable(value, []);
  if (place) throw refused(place.join('.') || 'body', 'Remove the character that cannot be stored.');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused('body', 'The body is not valid JSON.', 'Send a JSON object, a form, or nothing.', cause);
  }
}

/** Counted on the text: a parser would already have gone down. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth -= 1;
  }
  return deepest;
}

/** The path to the first such text, names of properties included. */
function placeOfUnstorable(value: unknown, path: readonly string[]): readonly string[] | null {
  if (typeof value === 'string') return unstorable.test(value) ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, part] of Object.entries(value)) {
    if (unstorable.test(name)) return path;
    const place = placeOfUnstorable(part, [...path, name]);
    if (place) return place;
  }
  return null;
}

const unstorable = /[\0\p{Cs}]/u;

const refused = (field: string, message: string, fix?: string, cause?: unknown) =>
  new SluiceError('input_invalid', message, { fields: { [field]: message }, ...(fix && { fix }), cause });
