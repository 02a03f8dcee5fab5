/** `${NAME}` in the configuration of a connection; `$${` is how `${` itself is written. */
const pattern = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Names of the variables that a text refers to. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** The text with the values of its variables. One that is unset or empty leaves nothing behind: ask `unsetIn` first. */
export function fillReferences(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  return text.replace(pattern, (_, name?: string) => (name === undefined ? '${' : (environment[name] ?? '')));
}

/** Names of the variables in a text that have no value. An empty one has none: that is how a CI shows a missing secret. */
export function unsetIn(text: string, environment: Readonly<Record<string, string | undefined>>): string[] {
  return referencesIn(text).filter((name) => !environment[name]);
}

/** Text that reads as itself, whatever it holds. */
export const escapeReferences = (text: string): string => text.replaceAll('${', () => '$${');

/** Every text inside a value, with its path. */
export function textsIn(
  value: unknown,
  path: readonly PropertyKey[] = [],
): { path: PropertyKey[]; text: string }[] {
  if (typeof value === 'string') return [{ path: [...path], text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    textsIn(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A value with every text inside it replaced. */
export function mapTexts(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, replace)]));
}
