/** A type of DuckDB, taken apart. */
export interface DuckType {
  /** In capitals: `BIGINT`, `DECIMAL`, `LIST`, `STRUCT`, `MAP`, or the name that somebody gave the type. */
  readonly name: string;
  readonly precision: number;
  readonly scale: number;
  /** Of a struct; a list has `item`, a map `key` and `value`. */
  readonly fields: readonly { readonly name: string; readonly type: DuckType }[];
}

const plain = (name: string, fields: DuckType['fields'] = []): DuckType => ({
  name,
  precision: 0,
  scale: 0,
  fields,
});

/** Reads a type as DuckDB writes it: `STRUCT(a INTEGER, "b c" DECIMAL(10,2)[])`. */
export function parseDuckType(text: string): DuckType {
  const list = /^(.*)\[\d*\]$/s.exec(text);
  if (list) return plain('LIST', [{ name: 'item', type: parseDuckType(list[1] ?? '') }]);
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(text);
  if (decimal) return { ...plain('DECIMAL'), precision: Number(decimal[1]), scale: Number(decimal[2]) };
  const nested = /^(STRUCT|MAP)\((.*)\)$/s.exec(text);
  if (!nested) return plain(text.replace(/\(.*$/s, '').toUpperCase());
  const parts = topLevel(nested[2] ?? '');
  if (nested[1] === 'MAP') {
    const [key, value] = parts.map(parseDuckType);
    return plain('MAP', [
      { name: 'key', type: key ?? plain('VARCHAR') },
      { name: 'value', type: value ?? plain('VARCHAR') },
    ]);
  }
  return plain(
    'STRUCT',
    parts.map((part) => {
      const [, quoted, bare, type = ''] = /^(?:"((?:[^"]|"")*)"|(\S+)) (.*)$/s.exec(part) ?? [];
      return { name: quoted?.replaceAll('""', '"') ?? bare ?? '', type: parseDuckType(type) };
    }),
  );
}

/** Splits at commas that stand in no brackets and no quotes. */
function topLevel(text: string): string[] {
  const parts = [''];
  let depth = 0;
  let quoted = false;
  for (const letter of text) {
    if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === '(') depth += 1;
    else if (!quoted && letter === ')') depth -= 1;
    if (letter === ',' && depth === 0 && !quoted) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim());
}
