import { isDeepStrictEqual } from 'node:util';

/**
 * The fields that differ, as field → [before, after], for the audit log. Objects are compared one level deep, so
 * that a changed option shows as `configuration.host`. Fields named in `secrets` (full path) show only that they changed.
 */
export function diff(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  secrets: ReadonlySet<string> = new Set(),
): Record<string, [unknown, unknown]> {
  const flatBefore = flatten(before);
  const flatAfter = flatten(after);
  const changes: Record<string, [unknown, unknown]> = {};
  for (const name of new Set([...Object.keys(flatBefore), ...Object.keys(flatAfter)])) {
    const pair: [unknown, unknown] = [flatBefore[name] ?? null, flatAfter[name] ?? null];
    if (isDeepStrictEqual(pair[0], pair[1])) continue;
    changes[name] = secrets.has(name) ? ['secret', 'changed'] : pair;
  }
  return changes;
}

function flatten(value: Record<string, unknown>): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    if (isPlain(item)) {
      for (const [inner, innerItem] of Object.entries(item)) flat[`${name}.${inner}`] = innerItem;
    } else if (item !== undefined) flat[name] = item;
  }
  return flat;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
}
