export interface SqlScan {
  /** Where the first statement ends: before its semicolon, or at the end of the text. */
  readonly end: number;
  /** Whether anything but comments and semicolons follows the first statement. */
  readonly rest: boolean;
  /** First word in capitals, past comments and opening brackets; empty when there is none. */
  readonly firstWord: string;
}

/**
 * Reads SQL far enough to find where a statement ends: knows strings (also `E''` and `$tag$`), quoted names, line
 * comments and nested block comments. `backslashes`: a backslash in a string hides the quote behind it, as in MySQL. For messages and for taking off a final semicolon; never a safety barrier.
 */
export function scanSql(sql: string, { backslashes = false } = {}): SqlScan {
  let end = -1;
  let rest = false;
  let firstWord = '';
  for (let at = 0; at < sql.length; ) {
    const length = tokenLength(sql, at, backslashes);
    const token = sql.slice(at, at + length);
    const blank = /^(\s|--|\/\*)/.test(token);
    if (token === ';') {
      if (end < 0) end = at;
    } else if (!blank && end >= 0) {
      rest = true;
      break;
    } else if (firstWord === '' && /^[a-z_]/i.test(token)) {
      firstWord = token.toUpperCase();
    }
    at += length;
  }
  return { end: end < 0 ? sql.length : end, rest, firstWord };
}

const patterns = {
  blank: /\s+/y,
  lineComment: /--[^\n\r]*/y,
  word: /[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/iy,
  string: /'(?:[^']|'')*(?:'|$)/y,
  escapeString: /e'(?:[^'\\]|''|\\[\s\S])*(?:'|$)/iy,
  backslashString: /'(?:[^'\\]|''|\\[\s\S])*(?:'|$)/y,
  name: /"(?:[^"]|"")*(?:"|$)/y,
  backquotedName: /`(?:[^`]|``)*(?:`|$)/y,
  dollarTag: /\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/iy,
};

function tokenLength(sql: string, at: number, backslashes: boolean): number {
  if (sql.startsWith('/*', at)) return blockCommentLength(sql, at);
  const tag = match(patterns.dollarTag, sql, at);
  if (tag) {
    const close = sql.indexOf(tag, at + tag.length);
    return (close < 0 ? sql.length : close + tag.length) - at;
  }
  const string = backslashes ? 'backslashString' : 'string';
  const names = ['blank', 'lineComment', 'escapeString', string, 'name', 'backquotedName', 'word'] as const;
  for (const name of names) {
    const found = match(patterns[name], sql, at);
    if (found) return found.length;
  }
  return 1;
}

function match(pattern: RegExp, sql: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0] ?? null;
}

/** Block comments nest in PostgreSQL. */
function blockCommentLength(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; ) {
    if (sql.startsWith('/*', at)) depth++;
    else if (sql.startsWith('*/', at)) depth--;
    else {
      at++;
      continue;
    }
    at += 2;
    if (depth === 0) return at - start;
  }
  return sql.length - start;
}
