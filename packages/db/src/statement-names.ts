/** So many statements a connection keeps prepared at most; each holds a plan in the server's memory. */
const namedMax = 400;
/** Texts that are counted before they get a name. */
const countedMax = 1_000;
/** A statement that came so often comes again; one with a list of its own length may not. */
const timesMin = 3;

/**
 * Names for the statements of one client that come again and again, so that PostgreSQL parses and plans them once for each
 * connection: for short ones that is most of their cost. Answers '' for a statement that is not worth a name (yet).
 */
export function createStatementNames(): (statement: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  const times = new Map<string, number>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= namedMax) return '';
    const count = (times.get(sql) ?? 0) + 1;
    if (count < timesMin) {
      if (times.size >= countedMax) times.clear();
      times.set(sql, count);
      return '';
    }
    times.delete(sql);
    const name = `sluice_${names.size + 1}`;
    names.set(sql, name);
    return name;
  };
}
