import { isDeepStrictEqual } from 'node:util';

/** One field before and after; `undefined` = not there. Both are safe to show: never a secret. */
export interface FieldChange {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * What differs between two values, field by field. Lists whose entries each have a `to` of their own (mappings) are
 * compared entry by entry, other lists as a whole.
 */
export function changesBetween(before: unknown, after: unknown, path = ''): FieldChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  const below = (key: string) => (path === '' ? key : `${path}.${key}`);
  // What is new is shown part by part as well; but an entry of a list as a whole.
  const base = before === undefined && isRecord(after) && !path.endsWith(']') ? {} : before;
  if (isRecord(base) && isRecord(after)) {
    const keys = new Set([...Object.keys(base), ...Object.keys(after)]);
    return [...keys].flatMap((key) => changesBetween(base[key], after[key], below(key)));
  }
  const [old, now] = [byTarget(before ?? []), byTarget(after)];
  if (old && now) {
    const targets = new Set([...old.keys(), ...now.keys()]);
    const changes = [...targets].flatMap((to) => changesBetween(old.get(to), now.get(to), `${path}[${to}]`));
    if (changes.length > 0) return changes;
    return [{ path: `${path} (order)`, before: [...old.keys()], after: [...now.keys()] }];
  }
  return [{ path, before, after }];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function byTarget(value: unknown): Map<string, unknown> | null {
  if (!Array.isArray(value)) return null;
  const entries = new Map<string, unknown>();
  for (const item of value) {
    if (!isRecord(item) || typeof item.to !== 'string' || entries.has(item.to)) return null;
    entries.set(item.to, item);
  }
  return entries;
}
