import { isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';

/** A YAML file that was read. */
export interface YamlFile {
  readonly value: unknown;
  /** What the YAML itself got wrong; `value` then means nothing. */
  readonly errors: { readonly line: number | null; readonly message: string }[];
  /** The line of what stands at a path: of the key where there is one, else of the nearest thing around it. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Reads one YAML 1.2 document. Keys that occur twice, unknown tags and more than one document are errors. */
export function readYaml(text: string): YamlFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    uniqueKeys: true,
    logLevel: 'error',
  });
  const line = (offset: number): number => lineCounter.linePos(offset).line;
  const errors = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    line: line(pos[0]),
    message,
  }));
  let value: unknown = null;
  if (errors.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch (thrown) {
      errors.push({ line: 1, message: thrown instanceof Error ? thrown.message : 'It cannot be read.' });
    }
  }
  return {
    value,
    errors,
    lineOf(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const parent: unknown =
          length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
        const offset = offsetIn(parent, path[length - 1]);
        if (offset !== null) return line(offset);
      }
      return isNode(document.contents) ? line(document.contents.range?.[0] ?? 0) : 1;
    },
  };
}

/** Where the entry of a map or list begins; `null` if it has none. */
function offsetIn(parent: unknown, key: PropertyKey | undefined): number | null {
  if (isMap(parent)) {
    const pair = parent.items.find((item) => String(item.key) === String(key));
    return isPair(pair) && isNode(pair.key) ? (pair.key.range?.[0] ?? null) : null;
  }
  if (typeof parent !== 'object' || parent === null || !('items' in parent)) return null;
  const item: unknown = (parent.items as unknown[])[Number(key)];
  return isNode(item) ? (item.range?.[0] ?? null) : null;
}
