/**
 * The cells of a row as ClickHouse writes it in JSONCompactEachRow (`[1, "a", [2]]`), each as its own JSON text: numbers
 * never pass through a double that way. `null` where the text is not a whole row.
 */
export function jsonCells(line: string): string[] | null {
  if (!line.startsWith('[') || !line.endsWith(']')) return null;
  const cells: string[] = [];
  const last = line.length - 1;
  for (let at = 1; at < last; ) {
    if (line[at] === ' ' || line[at] === ',') {
      at += 1;
      continue;
    }
    const end = valueEnd(line, at, last);
    if (end > last) return null;
    cells.push(line.slice(at, end));
    at = end;
  }
  return cells;
}

/** Text of a JSON string. */
export function stringOf(cell: string): string {
  return cell.includes('\\') ? (JSON.parse(cell) as string) : cell.slice(1, -1);
}

/** Where the value that begins at `at` is over. */
function valueEnd(line: string, at: number, last: number): number {
  const first = line[at];
  if (first === '"') return stringEnd(line, at);
  if (first === '[' || first === '{') return nestedEnd(line, at);
  const comma = line.indexOf(',', at);
  return comma < 0 ? last : comma;
}

function stringEnd(line: string, at: number): number {
  for (let quote = line.indexOf('"', at + 1); quote > 0; quote = line.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (line[quote - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return line.length + 1;
}

function nestedEnd(line: string, start: number): number {
  let depth = 0;
  for (let at = start; at < line.length; ) {
    const letter = line[at];
    if (letter === '"') {
      at = stringEnd(line, at);
      continue;
    }
    if (letter === '[' || letter === '{') depth += 1;
    if (letter === ']' || letter === '}') depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return line.length + 1;
}
